import { expect, it } from 'vitest';
import { averagedScores } from './averages.ts';
import type { ClassTally } from './class-tally.ts';

const tally = (name: string, truePositives: number, predicted: number, support: number): ClassTally => ({
  class: name,
  truePositives,
  predicted,
  support,
});

it('averages by hand: truth a a b b, said a b b b, class c declared', () => {
  // a: P 1/1, R 1/2. b: P 2/3, R 2/2. c: nothing.
  const { precision, recall, f1 } = averagedScores([
    tally('a', 1, 1, 2),
    tally('b', 2, 3, 2),
    tally('c', 0, 0, 0),
  ]);
  expect(precision.macro).toBeCloseTo((1 + 2 / 3) / 2, 12); // c is left out, not counted as 0
  expect(precision.micro).toBeCloseTo(3 / 4, 12);
  expect(precision.weighted).toBeCloseTo((1 * 2 + (2 / 3) * 2) / 4, 12);
  expect(recall.macro).toBeCloseTo((1 / 2 + 1) / 2, 12);
  expect(f1.macro).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
});

it.for([
  ['leave-out', 1, 'the mean is over classes that have a score'],
  [0, 0.5, 'an undefined score counts as a miss'],
  [1, 1, 'an undefined score counts as a hit'],
] as const)('undefined score %s → macro precision %d: %s', ([undefinedScore, expected]) => {
  const scores = averagedScores([tally('a', 3, 3, 3), tally('b', 0, 0, 1)], undefinedScore);
  expect(scores.precision.macro).toBe(expected);
});

it('knows nothing about no data, rather than 0', () => {
  const nothing = { macro: undefined, micro: undefined, weighted: undefined };
  expect(averagedScores([tally('a', 0, 0, 0)])).toEqual({ precision: nothing, recall: nothing, f1: nothing });
});

it('gives F1 0, and not absence, to a class that is always missed', () => {
  expect(averagedScores([tally('a', 0, 0, 5)]).f1.macro).toBe(0);
});
