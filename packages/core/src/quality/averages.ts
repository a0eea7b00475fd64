import { ratio, type ClassTally } from './class-tally.ts';

/** One score averaged over classes in three ways; absent where nothing defines it. */
export interface Averages {
  /** Mean over classes: every class weighs the same. */
  readonly macro: number | undefined;
  /** From counts added over classes: every prediction weighs the same. */
  readonly micro: number | undefined;
  /** Mean over classes weighed by their true count. */
  readonly weighted: number | undefined;
  /** Of the positive class alone. Absent without the option `positiveClass`. */
  readonly binary?: number | undefined;
}

/**
 * What an undefined score of one class does to the averages: `leave-out` of the mean, or counts as 0 or 1.
 * The three are scikit-learn's `zero_division` nan, 0 and 1.
 */
export type UndefinedScore = 'leave-out' | 0 | 1;

export interface AveragedScores {
  readonly precision: Averages;
  readonly recall: Averages;
  readonly f1: Averages;
}

/**
 * Precision, recall and F1 over all given classes.
 *
 * @param tallies - One row for each class to average over. An absent class is a row of zeros.
 * @param positiveClass - The class whose scores are the average `binary`.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_recall_fscore_support.html
 */
export function averagedScores(
  tallies: readonly ClassTally[],
  undefinedScore: UndefinedScore = 'leave-out',
  positiveClass?: string,
): AveragedScores {
  const positive = tallies.find((tally) => tally.class === positiveClass);
  const average = (part: Count, whole: Count): Averages => {
    const all = averages(tallies, part, whole, undefinedScore);
    if (positive === undefined) return all;
    return { ...all, binary: averages([positive], part, whole, undefinedScore).macro };
  };
  return {
    precision: average(
      ({ truePositives }) => truePositives,
      ({ predicted }) => predicted,
    ),
    recall: average(
      ({ truePositives }) => truePositives,
      ({ support }) => support,
    ),
    f1: average(
      ({ truePositives }) => 2 * truePositives,
      ({ predicted, support }) => predicted + support,
    ),
  };
}

type Count = (tally: ClassTally) => number;

function averages(
  tallies: readonly ClassTally[],
  part: Count,
  whole: Count,
  undefinedScore: UndefinedScore,
): Averages {
  let parts = 0;
  let wholes = 0;
  let scoreSum = 0;
  let classes = 0;
  let weightedSum = 0;
  let weights = 0;
  for (const tally of tallies) {
    parts += part(tally);
    wholes += whole(tally);
    const fallback = undefinedScore === 'leave-out' ? undefined : undefinedScore;
    const score = ratio(part(tally), whole(tally)) ?? fallback;
    if (score === undefined) continue;
    scoreSum += score;
    classes += 1;
    weightedSum += score * tally.support;
    weights += tally.support;
  }
  const macro = ratio(scoreSum, classes);
  return {
    macro,
    micro: ratio(parts, wholes),
    // Only classes that were never the truth have a score: scikit-learn falls back to their plain mean.
    weighted: ratio(weightedSum, weights) ?? macro,
  };
}
