import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketQuantile, type Bucket } from './bucket-quantile.ts';

/** `1:10 2:30 +Inf:40` */
function buckets(text: string): Bucket[] {
  return text.split(' ').map((part) => {
    const [bound = '', count] = part.split(':');
    return { upperBound: bound === '+Inf' ? Infinity : Number(bound), count: Number(count) };
  });
}

describe('bucketQuantile', () => {
  it.each([
    // φ   buckets                    quantile      why
    [0.5, '1:10 2:30 +Inf:40', 1.5], //             interpolated within its bucket
    [0.1, '1:10 2:30 +Inf:40', 0.4], //             the first bucket begins at 0
    [0.1, '-1:10 2:30 +Inf:40', -1], //             unless its bound is not positive
    [0.99, '1:10 2:30 +Inf:40', 2], //              above all bounds: the highest one
    [0.5, '1:10 2:30', Number.NaN], //              no bucket up to infinity
    [0.5, '+Inf:40', Number.NaN], //                one bucket says nothing
    [0.5, '1:0 +Inf:0', Number.NaN], //             no observations
    [0.5, '1:5 1:5 2:30 +Inf:40', 1.5], //          two spellings of one bound
    [0, '1:0 2:10 +Inf:10', Number.NaN], //         rank 0 in an empty bucket, as in Prometheus
    [-1, '1:10 +Inf:10', -Infinity],
    [1.1, '1:10 +Inf:10', Infinity],
    [Number.NaN, '1:10 +Inf:10', Number.NaN],
  ])('the %d-quantile of %s is %d', (phi, text, expected) => {
    const { quantile } = bucketQuantile(phi, buckets(text));
    expect(Number(quantile.toPrecision(12))).toBe(expected);
  });

  it('lifts a bucket that fell and says how far', () => {
    const { quantile, drop } = bucketQuantile(0.5, buckets('1:10 2:8 3:20 +Inf:20'));
    expect(quantile).toBe(1);
    expect(drop).toEqual({ lowestBound: 2, highestBound: 2, largestDrop: 2 });
  });

  it('takes a fall of rounding size for none', () => {
    expect(bucketQuantile(0.5, buckets('1:10 2:9.9999999999999 +Inf:20')).drop).toBeUndefined();
  });

  const rising = fc
    .array(fc.tuple(fc.double({ min: 0.001, max: 100, noNaN: true }), fc.nat(50)), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => {
      let bound = 0;
      let count = 0;
      const finite = parts.map(([width, more]) => ({ upperBound: (bound += width), count: (count += more) }));
      finite.push({ upperBound: Infinity, count: count + 1 });
      return finite;
    });

  // At φ = 0 an empty first bucket gives NaN: see above.
  const phi = fc.double({ min: 1e-6, max: 1, noNaN: true });

  it('never falls as φ rises, and stays within the finite bounds, but for rounding', () => {
    fc.assert(
      fc.property(rising, phi, phi, (list, a, b) => {
        const low = bucketQuantile(Math.min(a, b), list).quantile;
        const high = bucketQuantile(Math.max(a, b), list).quantile;
        expect(high - low).toBeGreaterThanOrEqual(-1e-9);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual((list.at(-2)?.upperBound ?? 0) + 1e-9);
      }),
    );
  });
});
