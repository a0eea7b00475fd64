import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agreement } from './agreement.ts';

const row = (truePositives: number, predicted: number, support: number) => ({
  class: 'x',
  truePositives,
  predicted,
  support,
});

it('equals the textbook formulas on a 2 × 2 table: TP 40, FN 10, FP 20, TN 30', () => {
  const { balancedAccuracy, mcc, kappa } = agreement([row(40, 60, 50), row(30, 40, 50)]);
  expect(balancedAccuracy).toBeCloseTo((40 / 50 + 30 / 50) / 2, 12);
  expect(mcc).toBeCloseTo((40 * 30 - 20 * 10) / Math.sqrt(60 * 50 * 50 * 40), 12);
  const chance = (60 * 50 + 40 * 50) / 100 ** 2;
  expect(kappa).toBeCloseTo((0.7 - chance) / (1 - chance), 12);
});

it.for([
  [[], 'no data'],
  [[row(5, 5, 5), row(0, 0, 0)], 'one class everywhere, all right: 0/0 is not 0'],
] as const)('MCC and kappa are absent for %j: %s', ([tallies]) => {
  expect(agreement(tallies)).toMatchObject({ mcc: undefined, kappa: undefined });
});

it('leaves a class without truth out of balanced accuracy', () => {
  expect(agreement([row(4, 4, 8), row(0, 4, 0)]).balancedAccuracy).toBe(0.5);
});

it('stays exact for 10^7 predictions', () => {
  const { mcc, kappa } = agreement([row(1e7, 1e7, 1e7), row(1e7, 1e7, 1e7)]);
  expect(mcc).toBeCloseTo(1, 12);
  expect(kappa).toBe(1);
});

it('never leaves -1 to 1, and is 1 for whoever is always right', () => {
  const counts = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(counts, (perClass) => {
      const { mcc = Number.NaN } = agreement(perClass.map((n) => row(n, n, n)));
      expect(mcc).toBeLessThanOrEqual(1);
      expect(mcc).toBeCloseTo(1, 12);
    }),
  );
  const [a, b] = [row(0, 3, 4), row(0, 4, 3)]; // always wrong
  expect(agreement([a, b]).mcc).toBeGreaterThanOrEqual(-1);
});
