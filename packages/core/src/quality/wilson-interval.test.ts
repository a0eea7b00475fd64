import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

it.for([
  // n, half width
  [30, 0.111], // the default minSamples: what an accuracy of 0.9 is worth there
  [100, 0.06],
  [1000, 0.019],
] as const)('at a share of 0.9, n = %i gives ± %d', ([n, half]) => {
  const interval = wilsonInterval(0.9 * n, n);
  expect(Math.abs(((interval?.high ?? 0) - (interval?.low ?? 0)) / 2 - half)).toBeLessThan(0.0006);
});

it('says nothing about nothing', () => {
  expect(wilsonInterval(0, 0)).toBeUndefined();
});

it('holds its value and stays inside 0 to 1, with doubt even at the ends', () => {
  const counts = fc
    .integer({ min: 1, max: 1e9 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(counts, ([successes, n]) => {
      const { value, low, high } = wilsonInterval(successes, n) ?? { value: -1, low: 0, high: 0 };
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThan(high);
    }),
    // 16 of 16 comes out a hair above 1 in floating point, 29 of 29 a hair below.
    { examples: [[[0, 1]], [[0, 3]], [[16, 16]], [[29, 29]], [[1e9, 1e9]]] },
  );
});
