import { describe, expect, it } from 'vitest';
import { agreement } from './agreement.ts';
import { averagedScores, type UndefinedScore } from './averages.ts';
import { classScores } from './class-scores.ts';
import type { ClassTally } from './class-tally.ts';
import {
  f1Of,
  kappaGradient,
  macroGradient,
  mccGradient,
  precisionOf,
  recallOf,
  weightedGradient,
} from './score-gradients.ts';
import { scoreIntervals, type ScoreIntervals } from './score-intervals.ts';
import { SmoothedConfusion, type ScoreGradient } from './smoothed-confusion.ts';
import { wilsonInterval, type Interval } from './wilson-interval.ts';
import { seeded } from '../../test/seeded.ts';

/** Rows are truths, columns answers. */
type Matrix = readonly (readonly number[])[];

describe('in simulation', () => {
  it.for([
    // classes, chance of each, chance of a hit, labels, the least share of intervals that must hold the truth
    [2, [0.5, 0.5], 0.9, 100, 0.92],
    [2, [0.05, 0.95], 0.9, 300, 0.92], // 15 labels of the rare class
    [3, [1 / 3, 1 / 3, 1 / 3], 0.5, 100, 0.92],
    [10, Array.from({ length: 10 }, () => 0.1), 0.9, 300, 0.92],
    [10, Array.from({ length: 10 }, () => 0.1), 0.9, 30, 0.86], // three of each
  ] as const)(
    'of %i classes with chances %j, hits %d and %i labels',
    ([classes, chances, hit, labels, least]) => {
      const random = seeded(classes * 1000 + labels);
      const truth = chances.map((share, i) =>
        chances.map((_, j) => share * (i === j ? hit : (1 - hit) / (classes - 1)) * 1e9),
      );
      const expected = flat<number>(scoresOf(truth));
      const held = new Map<string, number>();
      const rounds = 400;
      for (let round = 0; round < rounds; round += 1) {
        const matrix = truth.map((row) => row.map(() => 0));
        for (let n = 0; n < labels; n += 1) {
          const i = pick(chances, random());
          const j = random() < hit ? i : (i + 1 + Math.floor(random() * (classes - 1))) % classes;
          matrix[i]![j]! += 1;
        }
        for (const [name, { low, high }] of Object.entries(flat<Interval>(intervalsOf(matrix)))) {
          const value = expected[name]!;
          if (low <= value && value <= high) held.set(name, (held.get(name) ?? 0) + 1);
        }
      }
      expect([...held.keys()].toSorted()).toEqual(Object.keys(expected).toSorted());
      for (const [name, count] of held) {
        expect.soft(count / rounds, name).toBeGreaterThan(least);
        // An interval that holds always is too wide to say anything.
        if (labels >= 100) expect.soft(count / rounds, name).toBeLessThan(0.99);
      }
    },
  );
});

it('changes each score as its gradient says', () => {
  const matrix = [
    [50, 7, 2],
    [4, 30, 0],
    [9, 1, 12],
  ];
  const shares = new SmoothedConfusion(tallies(matrix), misses(matrix));
  const none = { classes: [], score: 0 };
  const scores: Record<string, (of: typeof shares) => ScoreGradient> = {
    recall: (of) => macroGradient(of, recallOf, [0, 1, 2]),
    precision: (of) => macroGradient(of, precisionOf, [0, 2], { classes: [1], score: 1 }),
    f1: (of) => macroGradient(of, f1Of, [0, 1, 2]),
    weightedF1: (of) => weightedGradient(of, f1Of, [0, 1, 2], none),
    weightedPrecision: (of) => weightedGradient(of, precisionOf, [0, 1], { classes: [2], score: 0 }),
    kappa: kappaGradient,
    mcc: mccGradient,
  };
  const step = 1e-6;
  for (const [name, gradientOf] of Object.entries(scores)) {
    const { value, byTruth, byAnswer, byHit } = gradientOf(shares);
    const slopeAt = (i: number, j: number): number => byTruth[i]! + byAnswer[j]! + (i === j ? byHit[i]! : 0);
    // Moving a share from one cell to another keeps the sum of all.
    for (const [i, j, k, l] of [
      [0, 0, 1, 2],
      [2, 0, 1, 1],
      [0, 1, 1, 0],
    ] as const) {
      const moved = {
        truths: add(add(shares.truths, k, step), i, -step),
        answers: add(add(shares.answers, l, step), j, -step),
        hits: add(add(shares.hits, k, k === l ? step : 0), i, i === j ? -step : 0),
      } as SmoothedConfusion;
      const slope = (gradientOf(moved).value - value) / step;
      expect.soft(slope, name).toBeCloseTo(slopeAt(k, l) - slopeAt(i, j), 4);
    }
  }
});

it('is the interval of a share for what is one', () => {
  const matrix = [
    [80, 20],
    [30, 170],
  ];
  const { recall, f1, balancedAccuracy } = intervalsOf(matrix);
  const { low, high } = wilsonInterval(250, 300)!;
  expect(f1.micro).toEqual({ low, high });
  expect(recall.weighted!.low).toBeCloseTo(low, 2);
  expect(recall.weighted!.high).toBeCloseTo(high, 2);
  expect(balancedAccuracy).toEqual(recall.macro);
});

it('is not certain of a classifier that was never wrong', () => {
  const { recall, mcc } = intervalsOf([
    [10, 0],
    [0, 10],
  ]);
  expect(recall.macro!.high).toBe(1);
  expect(recall.macro!.low).toBeGreaterThan(0.75);
  expect(recall.macro!.low).toBeLessThan(0.9);
  expect(mcc!.low).toBeLessThan(0.8);
});

it('reaches below 0 for a classifier that is worse than chance', () => {
  const { mcc, kappa } = intervalsOf([
    [1, 9],
    [9, 1],
  ]);
  for (const { low, high } of [mcc!, kappa!]) {
    expect(low).toBeGreaterThan(-1);
    expect(low).toBeLessThan(-0.8);
    expect(high).toBeGreaterThan(-0.8);
    expect(high).toBeLessThan(0);
  }
});

it('gives the F1 of a class the interval of the share of events about it that were hits', () => {
  const { f1, f1Interval } = classScores({ class: 'cat', truePositives: 8, predicted: 9, support: 9 });
  const { low, high } = wilsonInterval(8, 10)!;
  expect(f1).toBeCloseTo((2 * 8) / 18, 12);
  expect(f1Interval!.low).toBeCloseTo((2 * low) / (1 + low), 12);
  expect(f1Interval!.high).toBeCloseTo((2 * high) / (1 + high), 12);
  expect(
    classScores({ class: 'cat', truePositives: 0, predicted: 0, support: 0 }).f1Interval,
  ).toBeUndefined();
});

it('is absent where the score is, and treats undefined scores of classes as the averages do', () => {
  const oneClass = intervalsOf([[9]]);
  expect(oneClass.mcc).toBeUndefined();
  expect(oneClass.kappa).toBeUndefined();
  const matrix = [
    [40, 0, 10],
    [5, 0, 5],
    [0, 0, 40],
  ];
  const widths = (['leave-out', 0, 1] as const).map((undefinedScore: UndefinedScore) => {
    const { macro } = intervalsOf(matrix, undefinedScore).precision;
    return macro!.high - macro!.low;
  });
  // The class that is never answered adds a constant to the mean of three.
  expect(widths[1]).toBeLessThan(widths[0]!);
  expect(widths[2]).toBeLessThan(widths[0]!);
});

it('takes unknown misses to be independent of each other', () => {
  const matrix = [
    [40, 3, 3],
    [3, 30, 3],
    [3, 3, 20],
  ];
  const all = tallies(matrix);
  const scores = { ...averagedScores(all), ...agreement(all) };
  const [known, unknown] = [misses(matrix), []].map((cells) =>
    scoreIntervals(scores, all, cells, 'leave-out'),
  );
  expect(unknown!.f1.macro!.low).toBeCloseTo(known!.f1.macro!.low, 2);
  expect(unknown!.recall.macro!.low).toBeCloseTo(known!.recall.macro!.low, 4);
});

function intervalsOf(matrix: Matrix, undefinedScore: UndefinedScore = 'leave-out'): ScoreIntervals {
  return scoreIntervals(scoresOf(matrix, undefinedScore), tallies(matrix), misses(matrix), undefinedScore);
}

function scoresOf(
  matrix: Matrix,
  undefinedScore: UndefinedScore = 'leave-out',
): Parameters<typeof scoreIntervals>[0] {
  return { ...averagedScores(tallies(matrix), undefinedScore), ...agreement(tallies(matrix)) };
}

function tallies(matrix: Matrix): ClassTally[] {
  return matrix.map((row, k) => ({
    class: `c${k}`,
    truePositives: row[k]!,
    support: row.reduce((sum, count) => sum + count, 0),
    predicted: matrix.reduce((sum, other) => sum + other[k]!, 0),
  }));
}

function misses(matrix: Matrix): Parameters<typeof scoreIntervals>[2] {
  return matrix.flatMap((row, truth) =>
    row.flatMap((count, answer) => (truth === answer || count === 0 ? [] : [{ truth, answer, count }])),
  );
}

/** All averages by name. */
function flat<Value>(scores: object): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(scores).flatMap(([name, value]: [string, object | Value]) => {
      if (typeof value !== 'object' || value === null || 'low' in value) return [[name, value as Value]];
      return Object.entries(value).map(([average, one]): [string, Value] => [
        `${name} ${average}`,
        one as Value,
      ]);
    }),
  );
}

function add(shares: Float64Array, index: number, by: number): Float64Array {
  return shares.map((share, k) => (k === index ? share + by : share));
}

function pick(chances: readonly number[], random: number): number {
  let rest = random;
  let k = 0;
  while (k < chances.length - 1 && rest > chances[k]!) rest -= chances[k++]!;
  return k;
}
