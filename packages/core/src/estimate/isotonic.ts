/** Blocks of the fit at hand, last one on top; a fit never waits for anything, so one scratch is enough. */
const MAX_BINS = 256;
const blockHits = new Float64Array(MAX_BINS);
const blockTotals = new Float64Array(MAX_BINS);
const blockFrom = new Int32Array(MAX_BINS);
const blockEnd = new Int32Array(MAX_BINS);

/**
 * Least-squares non-decreasing fit of a share per bin, weighed by events: pool adjacent violators. O(bins), and
 * allocates nothing.
 *
 * Results are written into `fitted` (the share, 0 to 1) and `weights` (events of the pooled block); a bin without
 * events takes the mean of its neighbours' shares and the smaller of their weights, and the nearest beyond the ends.
 *
 * @param hits - Right predictions by bin, in order of confidence.
 * @param totals - All predictions by bin; at most 256 bins.
 * @param at - Where the bins begin in `hits` and `totals`.
 * @returns `false`, with nothing written, when no bin has events.
 * @see R. E. Barlow et al., "Statistical inference under order restrictions" (1972), §1.2.
 */
export function isotonicFit(
  hits: ArrayLike<number>,
  totals: ArrayLike<number>,
  fitted: Float64Array,
  weights: Float64Array,
  at = 0,
): boolean {
  const bins = fitted.length;
  let top = -1;
  for (let bin = 0; bin < bins; bin += 1) {
    const total = totals[at + bin] ?? 0;
    if (total === 0) continue;
    top += 1;
    blockHits[top] = hits[at + bin] ?? 0;
    blockTotals[top] = total;
    blockFrom[top] = bin;
    blockEnd[top] = bin + 1;
    for (; top > 0 && isOutOfOrder(top); top -= 1) {
      blockHits[top - 1] = (blockHits[top - 1] ?? 0) + (blockHits[top] ?? 0);
      blockTotals[top - 1] = (blockTotals[top - 1] ?? 0) + (blockTotals[top] ?? 0);
      blockEnd[top - 1] = blockEnd[top] ?? 0;
    }
  }
  if (top < 0) return false;
  let end = 0;
  let shareBefore = share(0);
  let weightBefore = blockTotals[0] ?? 0;
  for (let block = 0; block <= top; block += 1) {
    const from = blockFrom[block] ?? 0;
    const to = blockEnd[block] ?? 0;
    const weight = blockTotals[block] ?? 0;
    fitted.fill((shareBefore + share(block)) / 2, end, from);
    weights.fill(Math.min(weightBefore, weight), end, from);
    fitted.fill(share(block), from, to);
    weights.fill(weight, from, to);
    end = to;
    shareBefore = share(block);
    weightBefore = weight;
  }
  fitted.fill(shareBefore, end);
  weights.fill(weightBefore, end);
  return true;
}

function share(block: number): number {
  return (blockHits[block] ?? 0) / (blockTotals[block] ?? 1);
}

/** Whether a block's share is not above that of the block before: by cross-multiplication, without rounding. */
function isOutOfOrder(block: number): boolean {
  const before = (blockHits[block - 1] ?? 0) * (blockTotals[block] ?? 0);
  return before >= (blockHits[block] ?? 0) * (blockTotals[block - 1] ?? 0);
}
