import { MeanSum, type Mean, type MeanSumState } from '../scores/mean-sum.ts';
import type { UndefinedScore } from '../quality/averages.ts';
import { ratio, type ClassTally } from '../quality/class-tally.ts';

/** Scores of each prediction on its own, averaged over predictions. Absent where nothing defines them. */
export interface SampleAverages {
  /** Right classes among those that were said. */
  readonly precision: Mean | undefined;
  /** Right classes among those that were true. */
  readonly recall: Mean | undefined;
  /** 2·right / (said + true). */
  readonly f1: Mean | undefined;
  /** Right classes among those that were said or true: the Jaccard index. */
  readonly jaccard: Mean | undefined;
}

/** Labelled sets, each scored on its own. */
export class SetCounts {
  readonly #undefinedScore: UndefinedScore;
  readonly #means: readonly [precision: MeanSum, recall: MeanSum, f1: MeanSum, jaccard: MeanSum] = [
    new MeanSum(),
    new MeanSum(),
    new MeanSum(),
    new MeanSum(),
  ];

  /** @param undefinedScore - What a prediction counts as whose score is 0/0. */
  constructor(undefinedScore: UndefinedScore) {
    this.#undefinedScore = undefinedScore;
  }

  add(said: readonly string[], truth: readonly string[]): void {
    const right = said.filter((name) => truth.includes(name)).length;
    const both = said.length + truth.length;
    const [precision, recall, f1, jaccard] = this.#means;
    this.#addRatio(precision, right, said.length);
    this.#addRatio(recall, right, truth.length);
    this.#addRatio(f1, 2 * right, both);
    this.#addRatio(jaccard, right, both - right);
  }

  merge(other: SetCounts): void {
    this.#means.forEach((mean, place) => mean.merge(other.#means[place] ?? new MeanSum()));
  }

  clear(): void {
    for (const mean of this.#means) mean.clear();
  }

  averages(): SampleAverages {
    const [precision, recall, f1, jaccard] = this.#means;
    return { precision: precision.mean(), recall: recall.mean(), f1: f1.mean(), jaccard: jaccard.mean() };
  }

  toJSON(): readonly MeanSumState[] {
    return this.#means.map((mean) => mean.toJSON());
  }

  /** Adds what another process counted. */
  load(states: readonly MeanSumState[]): void {
    states.forEach((state, place) => this.#means[place]?.merge(MeanSum.from(state)));
  }

  #addRatio(mean: MeanSum, part: number, whole: number): void {
    const fallback = this.#undefinedScore === 'leave-out' ? undefined : this.#undefinedScore;
    const score = ratio(part, whole) ?? fallback;
    if (score !== undefined) mean.add(score);
  }
}

/**
 * Wrong decisions over all decisions.
 *
 * @param tallies - One row for each class that could have been said.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.hamming_loss.html
 */
export function hammingLoss(tallies: readonly ClassTally[], labelled: number): number | undefined {
  const wrong = tallies.reduce(
    (sum, { predicted, support, truePositives }) => sum + predicted + support - 2 * truePositives,
    0,
  );
  return ratio(wrong, labelled * tallies.length);
}
