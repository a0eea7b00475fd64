import { falseNegatives, falsePositives, ratio, type ClassTally } from './class-tally.ts';
import { wilsonInterval, type Interval, type Proportion } from './wilson-interval.ts';

/** How well one class is told from all others. */
export interface ClassScores {
  readonly class: string;
  /** Labelled predictions whose truth is this class. */
  readonly support: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  /** TP / (TP + FP). Absent when the class was never predicted. */
  readonly precision: Proportion | undefined;
  /** TP / (TP + FN). Absent when the class was never the truth. */
  readonly recall: Proportion | undefined;
  /** 2 TP / (2 TP + FP + FN), 0 to 1. Absent when the class was neither predicted nor the truth. */
  readonly f1: number | undefined;
  /** 95 % interval of `f1`: that of the share TP / (TP + FP + FN), of which F1 is a function that only rises. */
  readonly f1Interval: Interval | undefined;
}

/**
 * One-vs-rest scores of one class.
 *
 * F1 comes from the counts and not from precision and recall, so that it is 0 and not absent for a class
 * that is always missed.
 *
 * @see https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics
 */
export function classScores(tally: ClassTally): ClassScores {
  const { truePositives, predicted, support } = tally;
  return {
    class: tally.class,
    support,
    truePositives,
    falsePositives: falsePositives(tally),
    falseNegatives: falseNegatives(tally),
    precision: wilsonInterval(truePositives, predicted),
    recall: wilsonInterval(truePositives, support),
    f1: ratio(2 * truePositives, predicted + support),
    f1Interval: f1Interval(truePositives, predicted + support - truePositives),
  };
}

function f1Interval(truePositives: number, involved: number): Interval | undefined {
  const share = wilsonInterval(truePositives, involved);
  if (share === undefined) return undefined;
  const f1 = (jaccard: number): number => (2 * jaccard) / (1 + jaccard);
  return { low: f1(share.low), high: f1(share.high) };
}
