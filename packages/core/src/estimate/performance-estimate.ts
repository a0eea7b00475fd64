import { ratio } from '../quality/class-tally.ts';
import { MAX_GROUPS } from './confidence-counts.ts';
import type { ExpectedWindow } from './expected-hits.ts';
import type { EstimateCoverage } from './estimate-grade.ts';

/** What the accuracy of the window probably is, labels or not. */
export interface PerformanceEstimate {
  /** Expected share of right predictions, 0 to 1. */
  readonly accuracy: number;
  /** Expected F1 of `positiveClass`, else the mean over classes. Absent with more than 32 classes. */
  readonly f1: number | undefined;
  /** 95 % interval of the accuracy: chance of the window and of the calibration together. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Predictions that the estimate is of: those that said how sure they were. */
  readonly n: number;
  /** Labelled predictions that the calibration was learnt from. */
  readonly calibratedOn: number;
  /** Whether the labels that came agree with what was estimated before they came. `false` until five blocks did. */
  readonly trusted: boolean;
  readonly coverage: EstimateCoverage;
  /** How frequent each true class probably is now. Absent when confusions cannot tell the classes apart. */
  readonly priors: readonly { readonly class: string; readonly share: number }[] | undefined;
}

const Z = 1.959963984540054;

/** Expected accuracy with its interval; absent when nothing said how sure it was. */
export function expectedAccuracy({
  n,
  hits,
  variance,
}: Pick<ExpectedWindow, 'n' | 'hits' | 'variance'>):
  | Pick<PerformanceEstimate, 'accuracy' | 'interval' | 'n'>
  | undefined {
  const accuracy = ratio(hits, n);
  if (accuracy === undefined) return undefined;
  const half = (Z * Math.sqrt(variance)) / n;
  return { accuracy, interval: { low: Math.max(0, accuracy - half), high: Math.min(1, accuracy + half) }, n };
}

/**
 * Expected F1 by class: expected hits over what was said and what probably was true. Predictions that are expected
 * to be wrong are shared out over the true classes as in past confusions of the same answer.
 *
 * @param confusion - Counts of the past by class said and class that was true.
 */
export function expectedF1(
  { predicted, hitsOf: hits }: Pick<ExpectedWindow, 'predicted' | 'hitsOf'>,
  confusion: readonly (readonly number[])[],
): (number | undefined)[] {
  const support = predicted.map((_, truth) => {
    const missed = predicted.map((n, said) => {
      if (said === truth) return 0;
      const row = confusion[said] ?? [];
      const wrong = sum(row) - (row[said] ?? 0);
      // A wrong answer of a kind that was never seen: every other class is as likely.
      const others = predicted.length - 1;
      return (n - (hits[said] ?? 0)) * (ratio(row[truth] ?? 0, wrong) ?? 1 / Math.max(1, others));
    });
    return (hits[truth] ?? 0) + sum(missed);
  });
  return predicted.map((n, group) => ratio(2 * (hits[group] ?? 0), n + (support[group] ?? 0)));
}

/** F1 of the positive class, or the mean over classes that were said or true. */
export function averageF1(
  byClass: readonly (number | undefined)[],
  positive: number | undefined,
): number | undefined {
  if (positive !== undefined) return positive < MAX_GROUPS ? byClass[positive] : undefined;
  const defined = byClass.filter((score) => score !== undefined);
  return ratio(sum(defined), defined.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
