import { averagePrecision, rocAuc, type BinnedArea, type BinnedScores } from '../curves/binned-curve.ts';
import { wilsonInterval, type Proportion } from '../quality/wilson-interval.ts';
import type { Mean } from './mean-sum.ts';
import type { ScoreCounts } from './score-counts.ts';

/** Area under a curve, averaged over classes one against the rest unless `positiveClass` is set. */
export interface CurveArea extends BinnedArea {
  /** Lower end of the 95 % sampling interval, binning not included; 0 to 1. */
  readonly low: number;
  /** Upper end of the 95 % sampling interval, binning not included; 0 to 1. */
  readonly high: number;
  /** Labelled predictions with scores. */
  readonly n: number;
  /** Classes that had what the curve needs, and are in the mean. */
  readonly classesAveraged: number;
}

/** Share of labelled predictions whose true class is among the k best. */
export interface TopKAccuracy extends Proportion {
  readonly k: number;
}

/** What labelled scores say. Absent where nothing defines it. */
export interface ScoreSummary {
  /** One entry per k of the option `topK`, as long as there are labelled scores. */
  readonly topK: readonly TopKAccuracy[];
  /** Mean natural logarithmic loss, 0 to 36.04. */
  readonly logLoss: Mean | undefined;
  /** Mean Brier score: 0 to 1 for two classes, 0 to 2 for more. */
  readonly brier: Mean | undefined;
  /** Absent when the window holds one true class only. */
  readonly rocAuc: CurveArea | undefined;
  /** Absent when the window holds no positive. */
  readonly averagePrecision: CurveArea | undefined;
}

export const NO_SCORES: ScoreSummary = {
  topK: [],
  logLoss: undefined,
  brier: undefined,
  rocAuc: undefined,
  averagePrecision: undefined,
};

export function scoreSummary(counts: ScoreCounts): ScoreSummary {
  const { plan, n } = counts;
  if (n === 0) return NO_SCORES;
  const curves = plan.curveClasses.map((_, place): BinnedScores => {
    const cells = [place * plan.bins, (place + 1) * plan.bins] as const;
    return { positives: counts.positives.subarray(...cells), negatives: counts.negatives.subarray(...cells) };
  });
  return {
    topK: plan.topK.map((k, place) => ({ k, ...proportion(counts.topK[place]?.value ?? 0, n) })),
    logLoss: counts.logLoss.mean(),
    brier: counts.brier.mean(),
    rocAuc: meanArea(curves, n, rocAuc, aucVariance),
    averagePrecision: meanArea(curves, n, averagePrecision, precisionVariance),
  };
}

function proportion(credit: number, n: number): Proportion {
  return wilsonInterval(Math.min(n, credit), n) ?? { value: 0, low: 0, high: 1, n };
}

type Variance = (area: number, positives: number, negatives: number) => number;

const Z = 1.959963984540054;

function meanArea(
  curves: readonly BinnedScores[],
  n: number,
  areaOf: (curve: BinnedScores) => BinnedArea | undefined,
  variance: Variance,
): CurveArea | undefined {
  let value = 0;
  let errorBound = 0;
  let deviation = 0;
  let classesAveraged = 0;
  for (const curve of curves) {
    const area = areaOf(curve);
    if (area === undefined) continue;
    classesAveraged += 1;
    value += area.value;
    errorBound += area.errorBound;
    deviation += Math.sqrt(variance(area.value, total(curve.positives), total(curve.negatives)));
  }
  if (classesAveraged === 0) return undefined;
  const mean = value / classesAveraged;
  // Classes share their events: the mean of their deviations holds whatever their correlation.
  const half = (Z * deviation) / classesAveraged;
  return {
    value: mean,
    errorBound: errorBound / classesAveraged,
    low: Math.max(0, mean - half),
    high: Math.min(1, mean + half),
    n,
    classesAveraged,
  };
}

/** J. A. Hanley, B. J. McNeil (1982), eq. 1, with half an event added so that a perfect order is not certain. */
function aucVariance(area: number, positives: number, negatives: number): number {
  const auc = (area * positives * negatives + 0.5) / (positives * negatives + 1);
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const spread = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.max(0, spread) / (positives * negatives);
}

/** K. Boyd, K. H. Eng, C. D. Page, "Area under the precision-recall curve" (2013), §4: binomial in the positives. */
function precisionVariance(area: number, positives: number): number {
  const share = (area * positives + 0.5) / (positives + 1);
  return (share * (1 - share)) / positives;
}

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin += 1) sum += counts[bin] ?? 0;
  return sum;
}
