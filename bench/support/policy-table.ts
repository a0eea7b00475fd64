import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { PolicyOutcome } from '@tidewatch/scaler';
import type { TunedPeers } from './tuned-peers.ts';

/** All policies over one trace. */
export interface Row {
  readonly trace: string;
  readonly policies: readonly PolicyOutcome[];
  readonly tuned?: TunedPeers;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Prints the tables and keeps them in bench/results. */
export function policyTable(name: string, lines: readonly string[]): void {
  const file = new URL(`../results/${name}.md`, import.meta.url);
  const text = [
    '# scaler: simulated on traffic',
    '',
    `${new Date().toISOString().slice(0, 10)}. Simulated, deterministic. \`static-peak\` and the oracles know the whole trace; the others see the past alone.`,
    '',
    ...lines,
  ].join('\n');
  console.log(text);
  writeFileSync(file, text);
  execFileSync('pnpm', ['exec', 'oxfmt', file.pathname]);
}
