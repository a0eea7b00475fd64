/** A cumulative bucket: `count` observations were at most `upperBound`. */
export interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

export interface BucketQuantile {
  readonly quantile: number;
  /** Where counts fell by more than rounding, which no histogram does; absent when they did not. */
  readonly drop?: {
    readonly lowestBound: number;
    readonly highestBound: number;
    readonly largestDrop: number;
  };
}

// Relative differences below this are rounding, not data.
const ROUNDING = 1e-12;

/**
 * The φ-quantile within cumulative buckets, interpolated linearly inside its bucket.
 *
 * NaN without a bucket up to +Inf, with fewer than two, or without observations. In the last bucket the answer is its
 * lower bound; the first bucket begins at 0 when its upper bound is positive.
 *
 * @param buckets - By rising upper bound; at least one.
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function bucketQuantile(phi: number, buckets: readonly Bucket[]): BucketQuantile {
  if (Number.isNaN(phi)) return { quantile: Number.NaN };
  if (phi < 0) return { quantile: -Infinity };
  if (phi > 1) return { quantile: Infinity };
  if (buckets.at(-1)?.upperBound !== Infinity) return { quantile: Number.NaN };
  const { rising, drop } = makeRising(joinEqualBounds(buckets));
  return { quantile: interpolate(phi, rising), ...(drop === undefined ? {} : { drop }) };
}

/** `le="0.1"` and `le="1e-1"` are one bucket. */
function joinEqualBounds(buckets: readonly Bucket[]): Bucket[] {
  const joined: Bucket[] = [];
  for (const bucket of buckets) {
    const last = joined.at(-1);
    if (last?.upperBound === bucket.upperBound) {
      joined[joined.length - 1] = { upperBound: last.upperBound, count: last.count + bucket.count };
    } else {
      joined.push(bucket);
    }
  }
  return joined;
}

/** Buckets scraped or aggregated at different moments may fall: they are lifted to their predecessor. */
function makeRising(buckets: readonly Bucket[]): { rising: Bucket[]; drop: BucketQuantile['drop'] } {
  let highest = buckets[0]?.count ?? 0;
  let drop: BucketQuantile['drop'];
  const rising = buckets.map(({ upperBound, count }) => {
    if (count === highest || isRounding(highest, count)) return { upperBound, count: highest };
    if (count < highest) {
      drop = {
        lowestBound: Math.min(drop?.lowestBound ?? Infinity, upperBound),
        highestBound: Math.max(drop?.highestBound ?? -Infinity, upperBound),
        largestDrop: Math.max(drop?.largestDrop ?? 0, highest - count),
      };
      return { upperBound, count: highest };
    }
    highest = count;
    return { upperBound, count };
  });
  return { rising, drop };
}

function isRounding(a: number, b: number): boolean {
  return Math.abs(a - b) / (Math.abs(a) + Math.abs(b)) < ROUNDING;
}

function interpolate(phi: number, buckets: readonly Bucket[]): number {
  const observations = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || observations === 0) return Number.NaN;
  const rank = phi * observations;
  const last = buckets.length - 1;
  const found = buckets.findIndex((bucket, at) => at === last || bucket.count >= rank);
  const bucket = buckets[found] as Bucket;
  const below = buckets[found - 1];
  if (found === last) return below?.upperBound ?? Number.NaN;
  if (below === undefined)
    return bucket.upperBound <= 0 ? bucket.upperBound : bucket.upperBound * (rank / bucket.count);
  const share = (rank - below.count) / (bucket.count - below.count);
  return below.upperBound + (bucket.upperBound - below.upperBound) * share;
}
