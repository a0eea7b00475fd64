import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

const known = ['cooldown', 'max_replicas', 'min_replicas', 'for', 'expr'];

it.for([
  ['cooldwon', 'cooldown', 'two neighbours swapped'],
  ['cool_down', 'cooldown', 'a separator is no letter'],
  ['maxReplicas', 'max_replicas', 'camel case'],
  ['min_replica', 'min_replicas', 'one letter short'],
  ['fro', 'for', 'short words have a budget of one'],
  ['xyz', undefined, 'nothing is near'],
  ['', undefined, 'nothing was written'],
  ['cooldown_period_in_seconds', undefined, 'too far to guess'],
] as const)('%s → %s: %s', ([written, expected]) => {
  expect(nearestName(written, known)).toBe(expected);
});

it('is quick for a megabyte of nonsense', () => {
  expect(nearestName('x'.repeat(1e6), known)).toBeUndefined();
});
