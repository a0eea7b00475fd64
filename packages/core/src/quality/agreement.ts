import { ratio, type ClassTally } from './class-tally.ts';

/** Scores of the whole confusion matrix that a majority-class guesser cannot game. */
export interface Agreement {
  /** Mean recall over classes that were the truth at least once, 0 to 1. */
  readonly balancedAccuracy: number | undefined;
  /** Matthews correlation coefficient, -1 to 1. Absent when truth or predictions are all of one class. */
  readonly mcc: number | undefined;
  /** Cohen's kappa, -1 to 1. Absent when chance alone would agree always. */
  readonly kappa: number | undefined;
}

/**
 * Balanced accuracy, MCC and kappa. They need the margins of the matrix and its diagonal only.
 *
 * scikit-learn answers MCC 0 where the formula is 0/0; here that is absent, since 0 means "no better than chance".
 *
 * @see J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient" (2004), for MCC.
 * @see J. Cohen, "A coefficient of agreement for nominal scales" (1960), for kappa.
 */
export function agreement(tallies: readonly ClassTally[]): Agreement {
  let labelled = 0;
  let correct = 0;
  let chance = 0; // Σ predicted × support
  let predictedSquares = 0;
  let supportSquares = 0;
  let recalls = 0;
  let classesWithTruth = 0;
  for (const { truePositives, predicted, support } of tallies) {
    labelled += support;
    correct += truePositives;
    chance += predicted * support;
    predictedSquares += predicted * predicted;
    supportSquares += support * support;
    if (support === 0) continue;
    recalls += truePositives / support;
    classesWithTruth += 1;
  }
  const pairs = labelled * labelled;
  const covariance = correct * labelled - chance;
  return {
    balancedAccuracy: ratio(recalls, classesWithTruth),
    // Two roots: the product of the two differences would overflow the exact integers far earlier.
    mcc: correlation(covariance, Math.sqrt(pairs - predictedSquares) * Math.sqrt(pairs - supportSquares)),
    kappa: ratio(covariance, pairs - chance),
  };
}

/** √3 × √3 is 2.9999999999999996 in floating point: a perfect classifier must not score above 1. */
function correlation(covariance: number, deviations: number): number | undefined {
  const value = ratio(covariance, deviations);
  return value === undefined ? undefined : Math.min(1, Math.max(-1, value));
}
