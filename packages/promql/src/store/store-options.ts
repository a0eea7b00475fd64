import { ConfigError, nearestName, type ConfigIssue } from '@tidewatch/core';
import type { StoreOptions } from './store.ts';

const KNOWN = [
  'dataDir',
  'retentionMs',
  'retentionBytes',
  'headMs',
  'maxSeries',
  'clock',
  'logger',
] as const satisfies (keyof StoreOptions)[];

/** @throws {@link ConfigError} naming every option that cannot be used. */
export function requireStoreOptions(options: StoreOptions): void {
  const issues: ConfigIssue[] = Object.keys(options)
    .filter((key) => !KNOWN.some((known) => known === key))
    .map(unknownOption);
  for (const path of ['retentionMs', 'retentionBytes', 'headMs', 'maxSeries'] as const) {
    const value = options[path];
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    issues.push({ code: 'out-of-range', path, problem: `expected a whole number above 0, got ${value}` });
  }
  const { dataDir } = options;
  if (dataDir !== undefined && (typeof dataDir !== 'string' || dataDir === '')) {
    const problem = `expected the path of a folder, got ${JSON.stringify(dataDir)}`;
    issues.push({ code: 'wrong-type', path: 'dataDir', problem });
  }
  const [first, ...others] = issues;
  if (first !== undefined) throw new ConfigError('createStore', [first, ...others]);
}

function unknownOption(path: string): ConfigIssue {
  const near = nearestName(path, KNOWN);
  const remedy = near === undefined ? `known are ${KNOWN.join(', ')}` : `did you mean "${near}"?`;
  return { code: 'unknown-key', path, problem: 'unknown option', remedy };
}
