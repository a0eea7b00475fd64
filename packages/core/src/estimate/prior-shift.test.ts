import fc from 'fast-check';
import { expect, it } from 'vitest';
import { priorShift } from './prior-shift.ts';

it('finds by hand: a class that was a tenth is now a half', () => {
  // Said right 9 times of 10 for either class: of 1,000, 900 were a (810 said a), 100 were b (90 said b).
  const confusion = [
    [810, 10],
    [90, 90],
  ];
  // At half and half, 45 % + 5 % of all are said to be a.
  const shares = priorShift(confusion, [500, 500]);
  expect(shares?.[0]).toBeCloseTo(0.5, 12);
  expect(shares?.[1]).toBeCloseTo(0.5, 12);
});

it('recovers any frequencies of three classes from exact shares', () => {
  const confusion = [
    [80, 5, 10],
    [15, 90, 5],
    [5, 5, 85],
  ];
  const truth = [100, 100, 100];
  fc.assert(
    fc.property(fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)), (parts) => {
      const total = parts.reduce((sum, part) => sum + part, 0);
      if (total === 0) return;
      const predicted = confusion.map((row) =>
        row.reduce((sum, count, j) => sum + ((count / (truth[j] ?? 1)) * (parts[j] ?? 0)) / total, 0),
      );
      const shares = priorShift(confusion, predicted) ?? [];
      parts.forEach((part, j) => expect(shares[j]).toBeCloseTo(part / total, 9));
    }),
  );
});

it.for([
  [
    [
      [5, 5],
      [5, 5],
    ],
    [1, 1],
    'answers that do not depend on the truth',
  ],
  [
    [
      [5, 0],
      [0, 0],
    ],
    [1, 1],
    'a class that was never seen',
  ],
  [
    [
      [0, 0],
      [0, 0],
    ],
    [1, 1],
    'no past',
  ],
  [
    [
      [5, 1],
      [1, 5],
    ],
    [0, 0],
    'no predictions',
  ],
] as const)('says nothing of %j with %j: %s', ([confusion, predicted]) => {
  expect(priorShift(confusion, predicted)).toBeUndefined();
});

it('cuts an impossible share to 0', () => {
  // Even with no b at all, a tenth of all would be said to be b.
  expect(
    priorShift(
      [
        [81, 1],
        [9, 9],
      ],
      [100, 0],
    ),
  ).toEqual([1, 0]);
});
