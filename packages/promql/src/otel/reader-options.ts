import { ConfigError, type ConfigIssue } from '@tidewatch/core';
import type { ReaderOptions } from './reader.ts';

/** @throws {@link ConfigError} naming every option that cannot be used. */
export function requireReaderOptions(store: unknown, { intervalMs }: ReaderOptions): void {
  const issues: ConfigIssue[] = [];
  if (typeof (store as { append?: unknown } | undefined)?.append !== 'function') {
    const problem = 'expected a store with a method append()';
    const remedy = 'pass what createStore() answers (await it first)';
    issues.push({ code: 'missing-key', path: 'store', problem, remedy });
  }
  if (intervalMs !== undefined && !(intervalMs >= 1)) {
    const problem = `expected milliseconds of 1 or more, got ${intervalMs}`;
    issues.push({ code: 'out-of-range', path: 'intervalMs', problem });
  }
  const [first, ...others] = issues;
  if (first !== undefined) throw new ConfigError('openTelemetryReader', [first, ...others]);
}
