import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tally } from '../quality/tally.ts';
import { durationQuantiles, logBucket } from './log-buckets.ts';

function counted(durations: readonly number[]) {
  const tally = new Tally();
  for (const seconds of durations) tally.add(logBucket(seconds));
  return durationQuantiles(tally);
}

it('is within one percent of the exact nearest-rank quantile, from 1 µs to a day', () => {
  const duration = fc.double({ min: 1e-6, max: 86_400, noNaN: true });
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), (durations) => {
      const sorted = durations.toSorted((a, b) => a - b);
      const quantiles = counted(durations);
      for (const [name, percent] of [
        ['p50', 50],
        ['p90', 90],
        ['p95', 95],
        ['p99', 99],
        ['max', 100],
      ] as const) {
        const exact = sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? Number.NaN;
        expect(Math.abs((quantiles?.[name] ?? 0) - exact) / exact).toBeLessThanOrEqual(0.010001);
      }
    }),
  );
});

it('has the median of 100 × 1 s and 115 × 100 s at 100 s, where common clients say 48 s', () => {
  const durations = [...Array.from({ length: 100 }, () => 1), ...Array.from({ length: 115 }, () => 100)];
  expect(counted(durations)?.p50).toBeGreaterThan(99);
});

it.for([
  [0, 'a call that took no measurable time'],
  [Number.MIN_VALUE, 'a denormal number'],
  [1e300, 'longer than a year'],
] as const)('counts %d s at an end of the range: %s', ([seconds]) => {
  const max = counted([seconds])?.max ?? Number.NaN;
  expect(max).toBeGreaterThan(0);
  expect(max).toBeLessThan(4e7);
});

it('has no quantiles of nothing', () => {
  expect(counted([])).toBeUndefined();
});

it('is the bucket that the logarithm says, but for what lies on a bound', () => {
  const logGamma = Math.log(1.01 / 0.99);
  fc.assert(
    fc.property(fc.double({ min: -13.8, max: 17.2, noNaN: true }), (exponent) => {
      const seconds = Math.exp(exponent);
      const place = Math.log(seconds) / logGamma;
      fc.pre(Math.abs(place - Math.round(place)) > 1e-9);
      expect(logBucket(seconds)).toBe(Math.ceil(place) + 0); // not -0
    }),
    { numRuns: 2_000 },
  );
});
