import { scoreBin } from '../curves/score-bin.ts';
import { FixedSum } from './fixed-sum.ts';
import { MeanSum } from './mean-sum.ts';
import { brierScore, logLoss } from './proper-scores.ts';
import { topKCredit, type TopKTies } from './top-k-credit.ts';

/** What is counted of labelled scores, and how finely. */
export interface ScorePlan {
  /** Declared classes: the length of every score vector. */
  readonly classes: number;
  /** Classes whose scores are binned for curves: the positive one, or all that there is room for. */
  readonly curveClasses: readonly number[];
  /** Bins of each curve. */
  readonly bins: number;
  readonly topK: readonly number[];
  readonly ties: TopKTies;
}

/** Cells of one slice, and of all slices together: 64 MB. */
const MAX_CURVE_CELLS = 8_192;
const MAX_WINDOW_CELLS = 2 ** 23;
const MAX_BINS = 4_096;
const MIN_BINS = 64;

/** One against the rest for every class; fewer than 64 bins would say little, and no curve is kept: past 128
 * classes, or fewer with thousands of slices. */
export function scorePlan(
  classes: number,
  positive: number | undefined,
  topK: readonly number[],
  ties: TopKTies,
  slices: number,
): ScorePlan {
  const all = Array.from({ length: classes }, (_, index) => index);
  const wanted = positive === undefined ? all : [positive];
  const cells = Math.min(MAX_CURVE_CELLS, MAX_WINDOW_CELLS / slices) / Math.max(1, wanted.length);
  const bins = 2 ** Math.floor(Math.log2(Math.min(MAX_BINS, cells)));
  return { classes, curveClasses: bins < MIN_BINS ? [] : wanted, bins, topK, ties };
}

/** Labelled predictions that came with a score for every class, in integers only. */
export class ScoreCounts {
  readonly plan: ScorePlan;
  n = 0;
  readonly logLoss: MeanSum = new MeanSum();
  readonly brier: MeanSum = new MeanSum();
  /** Credit for each k of the plan. */
  readonly topK: readonly FixedSum[];
  /** By curve class and bin. */
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;

  constructor(plan: ScorePlan) {
    this.plan = plan;
    this.topK = plan.topK.map(() => new FixedSum());
    this.positives = new Uint32Array(plan.curveClasses.length * plan.bins);
    this.negatives = new Uint32Array(plan.curveClasses.length * plan.bins);
  }

  /** @param truth - Index of the true class; outside of the scores when it was not declared. */
  add(scores: ArrayLike<number>, truth: number, epsilon: number): void {
    const { curveClasses, bins, topK, ties } = this.plan;
    this.n += 1;
    this.logLoss.add(logLoss(scores, truth, epsilon));
    this.brier.add(brierScore(scores, truth));
    for (let place = 0; place < topK.length; place += 1) {
      this.topK[place]?.add(topKCredit(scores, truth, topK[place] ?? 1, ties));
    }
    for (let place = 0; place < curveClasses.length; place += 1) {
      const curveClass = curveClasses[place] ?? 0;
      const cell = place * bins + scoreBin(scores[curveClass] ?? 0, bins);
      const side = curveClass === truth ? this.positives : this.negatives;
      side[cell] = (side[cell] ?? 0) + 1;
    }
  }

  merge(other: ScoreCounts): void {
    this.n += other.n;
    this.logLoss.merge(other.logLoss);
    this.brier.merge(other.brier);
    this.topK.forEach((sum, place) => sum.merge(other.topK[place] ?? new FixedSum()));
    addInto(this.positives, other.positives);
    addInto(this.negatives, other.negatives);
  }

  clear(): void {
    this.n = 0;
    this.logLoss.clear();
    this.brier.clear();
    for (const sum of this.topK) sum.clear();
    this.positives.fill(0);
    this.negatives.fill(0);
  }
}

/** Adds counts cell by cell; both are of one length. */
export function addInto(sum: Uint32Array, part: ArrayLike<number>): void {
  for (let cell = 0; cell < sum.length; cell += 1) sum[cell] = (sum[cell] ?? 0) + (part[cell] ?? 0);
}
