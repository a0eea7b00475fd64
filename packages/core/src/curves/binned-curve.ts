/** Area under a curve from binned scores: the exact area over the unbinned scores is within `errorBound`. */
export interface BinnedArea {
  /** 0 to 1. */
  readonly value: number;
  /** Certified: no order of the scores inside their bins can be further away. */
  readonly errorBound: number;
}

/** Labelled events by score bin, ascending. Both arrays are of one length. */
export interface BinnedScores {
  readonly positives: ArrayLike<number>;
  readonly negatives: ArrayLike<number>;
}

/**
 * Area under the ROC curve: the share of pairs of a positive and a negative that are in the right order, ties
 * counting half. Absent when all events are of one class. O(bins).
 *
 * Only pairs inside one bin can be misjudged, each by at most one half: |error| ≤ Σ pos·neg / (2·P·N).
 *
 * @see J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a ROC curve" (1982), for AUC = U / (P·N).
 */
export function rocAuc({ positives, negatives }: BinnedScores): BinnedArea | undefined {
  let seenNegatives = 0;
  let seenPositives = 0;
  let ordered = 0;
  let tied = 0;
  for (let bin = 0; bin < positives.length; bin += 1) {
    const positive = positives[bin] ?? 0;
    const negative = negatives[bin] ?? 0;
    ordered += positive * seenNegatives;
    tied += positive * negative;
    seenPositives += positive;
    seenNegatives += negative;
  }
  const pairs = seenPositives * seenNegatives;
  if (pairs === 0) return undefined;
  return { value: (ordered + tied / 2) / pairs, errorBound: tied / 2 / pairs };
}

/**
 * Average precision: Σ (R_n − R_{n−1}) P_n over thresholds, without interpolation. Absent without positives, where
 * scikit-learn writes 0. O(bins).
 *
 * Inside a bin the precision of a positive is lowest when all negatives stand above it and highest when all
 * positives are tied above the negatives; the bound is the distance to the sums of either.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html
 */
export function averagePrecision({ positives, negatives }: BinnedScores): BinnedArea | undefined {
  let above = 0; // positives of higher bins
  let falseAbove = 0; // negatives of higher bins
  let value = 0;
  let low = 0;
  let high = 0;
  for (let bin = positives.length - 1; bin >= 0; bin -= 1) {
    const positive = positives[bin] ?? 0;
    const negative = negatives[bin] ?? 0;
    const found = above + positive;
    const wrong = falseAbove + negative;
    if (positive > 0) {
      value += (positive * found) / (found + wrong);
      high += (positive * found) / (found + falseAbove);
      low += lowestPrecisions(above, positive, wrong);
    }
    above = found;
    falseAbove = wrong;
  }
  if (above === 0) return undefined;
  return { value: value / above, errorBound: Math.max(value - low, high - value, 0) / above };
}

/** At most Σ (above + i) / (above + i + wrong) for i from 1 to `positive`: the integral is below the sum. */
function lowestPrecisions(above: number, positive: number, wrong: number): number {
  if (wrong === 0) return positive;
  const base = above + wrong;
  return positive - wrong * Math.log((base + positive) / base);
}
