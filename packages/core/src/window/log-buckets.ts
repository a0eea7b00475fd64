import { LONGEST_DURATION_SECONDS } from '../metrics/is-duration.ts';
import type { Tally } from '../quality/tally.ts';

/** Relative error of every quantile: at most one percent. */
const ERROR = 0.01;
const LOG_GAMMA = Math.log((1 + ERROR) / (1 - ERROR));
/** Durations outside are counted at the ends: one microsecond and one year. */
const MIN_SECONDS = 1e-6;

/** How many buckets there are. */
export const LOG_BUCKETS: number =
  Math.ceil(Math.log(LONGEST_DURATION_SECONDS) / LOG_GAMMA) -
  Math.ceil(Math.log(MIN_SECONDS) / LOG_GAMMA) +
  1;

/**
 * The bucket of a duration: bounds grow by the factor (1 + ε) / (1 − ε), with ε = 1 %.
 *
 * At most 1,560 buckets exist, whatever is fed.
 *
 * @see C. Masson, J. E. Rim, H. K. Lee, "DDSketch" (VLDB 2019), §2, https://arxiv.org/abs/1908.10693
 */
export function logBucket(seconds: number): number {
  number[0] = Math.min(Math.max(seconds, MIN_SECONDS), LONGEST_DURATION_SECONDS);
  const cell = ((bits[HIGH] ?? 0) >>> CELL_SHIFT) - FIRST_CELL;
  const bucket = buckets[cell] ?? 0;
  return (number[0] ?? 0) > (bounds[cell] ?? 0) ? bucket + 1 : bucket;
}

/**
 * A logarithm a call would be dear. The exponent and the first six bits of the fraction name a cell of numbers that
 * are at most 1.6 % apart, so that at most one bound lies in it.
 */
const number = new Float64Array(1);
const bits = new Uint32Array(number.buffer);
const HIGH = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;
const CELL_SHIFT = 14;
const cellOf = (seconds: number): number => {
  number[0] = seconds;
  return (bits[HIGH] ?? 0) >>> CELL_SHIFT;
};
const FIRST_CELL = cellOf(MIN_SECONDS);
const CELLS = cellOf(LONGEST_DURATION_SECONDS) - FIRST_CELL + 1;
/** By cell: the bucket of its smallest number, and the upper bound of that bucket. */
const buckets = Int16Array.from({ length: CELLS }, (_, cell) => {
  bits.fill(0);
  bits[HIGH] = (cell + FIRST_CELL) << CELL_SHIFT;
  return Math.ceil(Math.log(Math.max(number[0] ?? 0, MIN_SECONDS)) / LOG_GAMMA);
});
const bounds = Float64Array.from(buckets, (bucket) => Math.exp(bucket * LOG_GAMMA));

/** The value that is within one percent of everything in the bucket. */
function bucketSeconds(bucket: number): number {
  return (2 * Math.exp(bucket * LOG_GAMMA)) / (Math.exp(LOG_GAMMA) + 1);
}

/** Quantiles of durations, in seconds, each within 1 % of the exact nearest-rank quantile. */
export interface DurationQuantiles {
  /** Durations counted; at least 1. */
  readonly n: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Quantiles of what was counted by {@link logBucket}, or `undefined` when nothing was. */
export function durationQuantiles(tally: Tally): DurationQuantiles | undefined {
  const buckets = [...tally.entries()].sort(([a], [b]) => a - b);
  const n = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0) return undefined;
  const at = (quantile: number): number => {
    // 0.99 × 100 is 99.00000000000001 for some n; without the slack that is the next rank.
    const rank = Math.ceil(quantile * n - 1e-9);
    let seen = 0;
    for (const [bucket, count] of buckets) {
      seen += count;
      if (seen >= rank) return bucketSeconds(bucket);
    }
    return bucketSeconds(buckets.at(-1)?.[0] ?? 0);
  };
  return { n, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) };
}
