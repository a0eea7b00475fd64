import { expect, it } from 'vitest';
import { chiSquareQuantile, chiSquareTail } from './chi-square.ts';
import { distributionDrift } from './distribution-drift.ts';

it.for([
  // x      degrees tail            from R: pchisq(x, k, lower.tail = FALSE)
  [3.841459, 1, 0.05],
  [16.91898, 9, 0.05],
  [27.87716, 9, 0.001],
  [1, 2, 0.6065307],
  [149.4493, 100, 0.001],
] as const)('P(χ² > %d) with %i degrees is %d', ([x, degrees, tail]) => {
  expect(chiSquareTail(x, degrees)).toBeCloseTo(tail, 6);
  expect(chiSquareQuantile(tail, degrees)).toBeCloseTo(x, 3);
});

it('computes by hand: 70/30 now, 50/50 before', () => {
  const drift = distributionDrift('predicted', [70, 30], [50, 50]);
  const [p, q] = [70.5 / 101, 50.5 / 101];
  expect(drift?.psi).toBeCloseTo((p - q) * Math.log(p / q) + (q - p) * Math.log((1 - p) / (1 - q)), 12);
  expect(drift?.threshold).toBeCloseTo((1 / 100 + 1 / 100) * 10.8276, 4);
  // Contingency table 70 30 / 50 50 without Yates' correction: 8.3333, p = 0.00389.
  expect(drift?.chiSquare.value).toBeCloseTo(8.3333, 4);
  expect(drift?.chiSquare.pValue).toBeCloseTo(0.003892, 5);
  expect(drift?.isDrift).toBe(false);
});

it('is an infinite distance nowhere: a class that is new, and one that is gone', () => {
  const drift = distributionDrift('predicted', [0, 900, 100], [500, 500, 0]);
  expect(drift?.psi).toBeLessThan(100);
  expect(drift?.isDrift).toBe(true);
  expect(drift?.jensenShannon).toBeLessThanOrEqual(1);
});

it('says nothing of samples too small to say anything', () => {
  expect(distributionDrift('predicted', [20, 19], [500, 500])).toBeUndefined();
  expect(distributionDrift('predicted', [100], [500])).toBeUndefined();
  expect(distributionDrift('confidence', [0, 0], [0, 0])).toBeUndefined();
});

it.for([
  [100, 'a window in which the usual threshold of 0.1 alarms in 41 % of the looks'],
  [1_000, 'a larger one'],
  [20_000, 'one so large that p-values call everything drift'],
] as const)('alarms in about one of a thousand looks at %i events with no drift: %s', ([n]) => {
  let state = 12_345;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const shares = [0.3, 0.5, 0.65, 0.75, 0.83, 0.9, 0.95, 0.98, 0.995, 1];
  const draw = (events: number): number[] => {
    const counts = shares.map(() => 0);
    for (let i = 0; i < events; i += 1) {
      const at = random();
      const bin = shares.findIndex((share) => at < share);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  const looks = n > 10_000 ? 100 : 600;
  let alarms = 0;
  for (let look = 0; look < looks; look += 1) {
    if (distributionDrift('predicted', draw(n), draw(2_000))?.isDrift === true) alarms += 1;
  }
  // 99.99 % of Binomial(600, 0.002): even twice the declared rate would stay below.
  expect(alarms).toBeLessThanOrEqual(7);
});
