import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isotonicFit } from './isotonic.ts';

function fit(
  hits: readonly number[],
  totals: readonly number[],
): { shares: number[]; weights: number[] } | undefined {
  const shares = new Float64Array(totals.length);
  const weights = new Float64Array(totals.length);
  return isotonicFit(hits, totals, shares, weights)
    ? { shares: [...shares], weights: [...weights] }
    : undefined;
}

it.for([
  // hits        totals        fitted                    why the row is here
  [
    [1, 2, 4],
    [4, 4, 4],
    [0.25, 0.5, 1],
  ], //             in order already
  [
    [2, 1, 4],
    [4, 4, 4],
    [0.375, 0.375, 1],
  ], //          one pair of violators
  [
    [4, 2, 0],
    [4, 4, 4],
    [0.5, 0.5, 0.5],
  ], //            all the wrong way round
  [
    [0, 0, 4],
    [4, 0, 4],
    [0, 0.5, 1],
  ], //                an empty bin lies between its neighbours
  [
    [0, 1, 0],
    [0, 4, 0],
    [0.25, 0.25, 0.25],
  ], //         nothing beyond the ends but the nearest
  [
    [1, 9, 0],
    [10, 10, 1],
    [0.1, 9 / 11, 9 / 11],
  ], //    weights count
] as const)('hits %j of %j → %j', ([hits, totals, fitted]) => {
  expect(fit(hits, totals)?.shares).toEqual(fitted);
});

it('has nothing to fit to nothing', () => {
  expect(fit([0, 0], [0, 0])).toBeUndefined();
});

it('is non-decreasing, keeps the mean, and no non-decreasing step function is closer', () => {
  const bin = fc.nat(9).chain((total) => fc.tuple(fc.nat(total), fc.constant(total)));
  fc.assert(
    fc.property(
      fc.array(bin, { minLength: 2, maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (bins, x) => {
        const hits = bins.map(([hit]) => hit);
        const totals = bins.map(([, total]) => total);
        const fitted = fit(hits, totals);
        if (fitted === undefined) return;
        const { shares } = fitted;
        shares.forEach((share, i) => expect(share).toBeGreaterThanOrEqual((shares[i - 1] ?? 0) - 1e-12));
        const expected = shares.reduce((sum, share, i) => sum + share * (totals[i] ?? 0), 0);
        expect(expected).toBeCloseTo(
          hits.reduce((sum, hit) => sum + hit, 0),
          9,
        );
        const loss = (candidate: (bin: number) => number): number =>
          totals.reduce(
            (sum, total, i) =>
              total === 0 ? sum : sum + total * ((hits[i] ?? 0) / total - candidate(i)) ** 2,
            0,
          );
        const best = loss((i) => shares[i] ?? 0);
        for (let step = 0; step <= totals.length; step += 1) {
          expect(best).toBeLessThanOrEqual(loss((i) => (i < step ? x * 0.5 : x)) + 1e-9);
        }
      },
    ),
  );
});
