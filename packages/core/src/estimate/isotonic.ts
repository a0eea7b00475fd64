/**
 * Least-squares non-decreasing fit of a share per bin, weighed by events: pool adjacent violators. O(bins).
 *
 * Results are written into `fitted` (the share, 0 to 1) and `weights` (events of the pooled block); a bin without
 * events takes the mean of its neighbours' shares and the smaller of their weights, and the nearest beyond the ends.
 *
 * @param hits - Right predictions by bin, in order of confidence.
 * @param totals - All predictions by bin.
 * @returns `false`, with nothing written, when no bin has events.
 * @see R. E. Barlow et al., "Statistical inference under order restrictions" (1972), §1.2.
 */
export function isotonicFit(
  hits: ArrayLike<number>,
  totals: ArrayLike<number>,
  fitted: Float64Array,
  weights: Float64Array,
): boolean {
  const blocks: { hits: number; total: number; from: number; to: number }[] = [];
  for (let bin = 0; bin < totals.length; bin += 1) {
    const total = totals[bin] ?? 0;
    if (total === 0) continue;
    let block = { hits: hits[bin] ?? 0, total, from: bin, to: bin };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.hits * block.total < block.hits * last.total) break;
      block = {
        hits: last.hits + block.hits,
        total: last.total + block.total,
        from: last.from,
        to: block.to,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  const [first] = blocks;
  if (first === undefined) return false;
  let before = first;
  let end = 0;
  for (const block of blocks) {
    const gapShare = (before.hits / before.total + block.hits / block.total) / 2;
    fill(end, block.from, gapShare, Math.min(before.total, block.total));
    fill(block.from, block.to + 1, block.hits / block.total, block.total);
    end = block.to + 1;
    before = block;
  }
  fill(end, totals.length, before.hits / before.total, before.total);
  return true;

  function fill(from: number, to: number, share: number, weight: number): void {
    fitted.fill(share, from, to);
    weights.fill(weight, from, to);
  }
}
