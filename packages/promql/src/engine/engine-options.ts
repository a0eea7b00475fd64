import { ConfigError, type ConfigIssue } from '@tidewatch/core';
import type { EngineOptions } from './engine.ts';

/** @throws {@link ConfigError} naming every option that cannot be used. */
export function requireEngineOptions({ store, limits = {}, lookbackMs, nameRemoval }: EngineOptions): void {
  const issues: ConfigIssue[] = [];
  if (typeof store?.select !== 'function') {
    issues.push({
      code: 'missing-key',
      path: 'store',
      problem: 'expected a store with a method select()',
      remedy: 'pass what createStore() answers (await it first)',
    });
  }
  for (const [path, value] of [
    ['limits.maxSamples', limits.maxSamples],
    ['limits.maxSteps', limits.maxSteps],
    ['limits.timeoutMs', limits.timeoutMs],
    ['lookbackMs', lookbackMs],
  ] as const) {
    if (value === undefined || value > 0) continue;
    issues.push({ code: 'out-of-range', path, problem: `expected a number above 0, got ${value}` });
  }
  if (nameRemoval !== undefined && nameRemoval !== 'eager' && nameRemoval !== 'delayed') {
    const problem = `expected 'eager' or 'delayed', got ${JSON.stringify(nameRemoval)}`;
    issues.push({ code: 'out-of-range', path: 'nameRemoval', problem });
  }
  const [first, ...others] = issues;
  if (first !== undefined) throw new ConfigError('createEngine', [first, ...others]);
}
