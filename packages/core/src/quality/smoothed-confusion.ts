import { falseNegatives, falsePositives, type ClassTally } from './class-tally.ts';

/** Wrong answers by number of the class: what was true and what was said. */
export interface Miss {
  readonly truth: number;
  readonly answer: number;
  readonly count: number;
}

/** How a score changes with the share of events whose truth, whose answer or whose hit is a class. */
export interface ScoreGradient {
  readonly value: number;
  readonly byTruth: Float64Array;
  readonly byAnswer: Float64Array;
  readonly byHit: Float64Array;
}

/**
 * Imagined events for each class as the truth and as the answer, half of them hits: Agresti and Coull's four, shared
 * by the two. Without them a class that was never missed would seem to be certain.
 */
const IMAGINED = 4;

/** Misses of every truth with every answer, independent of each other: `rows[i] × columns[j]` of all events. */
type Product = readonly [rows: Float64Array, columns: Float64Array];

/**
 * The shares of all pairs of truth and answer, as one would bet on them after some events: the counts and a few
 * imagined events. In time and memory O(classes + misses), for nobody lists the pairs that were never seen.
 *
 * @see A. Agresti, B. A. Coull, "Approximate is better than exact for interval estimation of binomial proportions",
 *   The American Statistician 52 (1998), 119–126.
 */
export class SmoothedConfusion {
  /** Share of events whose truth is the class. */
  readonly truths: Float64Array;
  /** Share of events whose answer is the class. */
  readonly answers: Float64Array;
  /** Share of events that are hits of the class. */
  readonly hits: Float64Array;
  readonly #misses: readonly Miss[];
  readonly #products: readonly Product[];

  /**
   * @param tallies - With at least one event.
   * @param misses - Wrong answers whose pair is known. Others are taken to have truth and answer independent.
   */
  constructor(tallies: readonly ClassTally[], misses: readonly Miss[]) {
    const n = tallies.reduce((sum, { support }) => sum + support, 0);
    const support = Float64Array.from(tallies, (tally) => tally.support / n);
    const predicted = Float64Array.from(tallies, (tally) => tally.predicted / n);
    const keptOfTruth = Float64Array.from(tallies, (tally) => kept(tally.support) / 2);
    const keptOfAnswer = Float64Array.from(tallies, (tally) => kept(tally.predicted) / 2);
    const imagined = Float64Array.from(
      tallies,
      (_, k) => at(support, k) * (0.5 - at(keptOfTruth, k)) + at(predicted, k) * (0.5 - at(keptOfAnswer, k)),
    );

    const unknownTruths = Float64Array.from(tallies, falseNegatives);
    const unknownAnswers = Float64Array.from(tallies, falsePositives);
    this.#misses = misses.map(({ truth, answer, count }) => {
      unknownTruths[truth] = at(unknownTruths, truth) - count;
      unknownAnswers[answer] = at(unknownAnswers, answer) - count;
      return { truth, answer, count: (count / n) * (at(keptOfTruth, truth) + at(keptOfAnswer, answer)) };
    });
    const unknown = Math.max(1, total(unknownTruths)) * n;
    this.#products = [
      [times(unknownTruths, keptOfTruth), unknownAnswers.map((count) => count / unknown)],
      [unknownTruths.map((count) => count / unknown), times(unknownAnswers, keptOfAnswer)],
      [support.map((share, k) => share * (0.25 - at(keptOfTruth, k) / 2)), predicted],
      [support, predicted.map((share, k) => share * (0.25 - at(keptOfAnswer, k) / 2))],
    ];
    this.hits = Float64Array.from(
      tallies,
      ({ truePositives }, k) =>
        (truePositives / n) * (at(keptOfTruth, k) + at(keptOfAnswer, k)) + at(imagined, k) / 2,
    );
    this.truths = this.hits.slice();
    this.answers = this.hits.slice();
    for (const { truth, answer, count } of this.#misses) {
      this.truths[truth] = at(this.truths, truth) + count;
      this.answers[answer] = at(this.answers, answer) + count;
    }
    for (const [rows, columns] of this.#products) {
      const [ofRows, ofColumns] = [total(rows), total(columns)];
      for (const [k, share] of rows.entries()) this.truths[k] = at(this.truths, k) + share * ofColumns;
      for (const [k, share] of columns.entries()) this.answers[k] = at(this.answers, k) + share * ofRows;
    }
  }

  /** Variance of a score times the number of events, to the first order: the delta method for a multinomial. */
  varianceOf({ byTruth, byAnswer, byHit }: ScoreGradient): number {
    let mean = 0;
    let square = 0;
    const add = (share: number, slope: number): void => {
      mean += share * slope;
      square += share * slope * slope;
    };
    for (const [k, share] of this.hits.entries()) add(share, at(byTruth, k) + at(byAnswer, k) + at(byHit, k));
    for (const { truth, answer, count } of this.#misses)
      add(count, at(byTruth, truth) + at(byAnswer, answer));
    for (const [rows, columns] of this.#products) {
      const [ofRows, ofColumns] = [total(rows), total(columns)];
      const [slope, slopeSquare] = [times(rows, byTruth), times(times(rows, byTruth), byTruth)].map(total);
      const [other, otherSquare] = [times(columns, byAnswer), times(times(columns, byAnswer), byAnswer)].map(
        total,
      );
      mean += slope! * ofColumns + ofRows * other!;
      square += slopeSquare! * ofColumns + 2 * slope! * other! + ofRows * otherSquare!;
    }
    return Math.max(0, square - mean * mean);
  }
}

function kept(count: number): number {
  return count / (count + IMAGINED);
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0;
}

function times(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value * at(b, index));
}

function total(numbers: Float64Array): number {
  return numbers.reduce((sum, value) => sum + value, 0);
}
