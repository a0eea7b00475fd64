import { KahanSum } from './kahan-sum.ts';

/**
 * Population variance of a non-empty part. NaN when it holds NaN or an infinity.
 *
 * @see Welford 1962, "Note on a method for calculating corrected sums of squares and products"
 */
export function varianceOf(values: Float64Array, from: number, to: number): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  for (let at = from; at < to; at++) {
    const value = values[at] as number;
    const delta = value - mean.total;
    mean.add(delta / (at - from + 1));
    squares.add(delta * (value - mean.total));
  }
  return squares.total / (to - from);
}

/**
 * Population variance of the first `count` values, at least one, without the compensation of {@link varianceOf}:
 * Prometheus aggregates series this way, and close values of large numbers show it.
 */
export function plainVarianceOf(values: Float64Array, count: number): number {
  let mean = 0;
  let squares = 0;
  for (let at = 0; at < count; at++) {
    const value = values[at] as number;
    const delta = value - mean;
    mean += delta / (at + 1);
    squares += delta * (value - mean);
  }
  return squares / count;
}
