import { KahanSum } from './kahan-sum.ts';

export interface Line {
  /** Per second. */
  readonly slope: number;
  /** Value at the anchor time. */
  readonly intercept: number;
}

/**
 * Least-squares line through `values` over `times` in milliseconds, with x = 0 at `anchorMs`.
 *
 * Constant values give slope 0 exactly; a constant infinity has no line (NaN).
 */
export function lineThrough(
  times: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  anchorMs: number,
): Line {
  const first = values[from] as number;
  const x = new KahanSum();
  const y = new KahanSum();
  const xy = new KahanSum();
  const xx = new KahanSum();
  let isConstant = true;
  for (let at = from; at < to; at++) {
    const seconds = ((times[at] as number) - anchorMs) / 1000;
    const value = values[at] as number;
    if (at > from && value !== first) isConstant = false;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  if (isConstant) {
    const isInfinite = Math.abs(first) === Infinity;
    return isInfinite ? { slope: Number.NaN, intercept: Number.NaN } : { slope: 0, intercept: first };
  }
  const count = to - from;
  const covariance = xy.total - (x.total * y.total) / count;
  const variance = xx.total - (x.total * x.total) / count;
  const slope = covariance / variance;
  return { slope, intercept: y.total / count - (slope * x.total) / count };
}
