import { expect, it } from 'vitest';
import { parse } from '../../src/index.ts';
import { shrink } from './shrink.ts';

it.for([
  // what fails        first seen in                                              shrinks to
  ['rate(', 'sum by (job) (rate(a[5m] offset 1m)) / on (job) (b + 1)', 'rate(a[5m])'],
  ['offset', '(a offset 1m) + on (job) group_left (team) (b)', 'a offset 1m'],
  ['bool', 'a == bool ignoring (x) (b > 1)', 'a == bool b'],
  ['nothing else', 'a + b', 'a + b'],
] as const)('while %s remains, %s becomes %s', async ([wanted, first, last]) => {
  const kept = await shrink(first, async (candidate) => candidate.includes(wanted));
  expect(() => parse(kept)).not.toThrow();
  expect(kept).toBe(last);
});
