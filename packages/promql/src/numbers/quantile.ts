/**
 * The φ-quantile of numbers in any order, by linear interpolation between ranks. Sorts `values` in place, NaN first.
 *
 * NaN for no values or a NaN φ; φ below 0 is -Infinity, above 1 +Infinity.
 */
export function quantileOf(phi: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return -Infinity;
  if (phi > 1) return Infinity;
  // A typed array sorts NaN last; it counts as smaller than everything here.
  values.sort();
  const numbers = values.length - countNaN(values);
  const sorted = (rank: number): number =>
    rank < values.length - numbers ? Number.NaN : (values[rank - (values.length - numbers)] as number);
  const rank = phi * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return sorted(lower) * (1 - weight) + sorted(upper) * weight;
}

function countNaN(sorted: Float64Array): number {
  let count = 0;
  while (count < sorted.length && Number.isNaN(sorted[sorted.length - 1 - count])) count += 1;
  return count;
}

/** Whether φ is a quantile that can be asked for. */
export function isQuantile(phi: number): boolean {
  return phi >= 0 && phi <= 1;
}
