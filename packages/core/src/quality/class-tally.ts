/** What is known about one class from labelled predictions: the sufficient statistic of every score here. */
export interface ClassTally {
  readonly class: string;
  /** Predicted as this class, and it was. */
  readonly truePositives: number;
  /** Labelled predictions that said this class. */
  readonly predicted: number;
  /** Labelled predictions whose truth is this class. */
  readonly support: number;
}

/** Said this class, and it was another. */
export function falsePositives(tally: ClassTally): number {
  return tally.predicted - tally.truePositives;
}

/** Was this class, and another was said. */
export function falseNegatives(tally: ClassTally): number {
  return tally.support - tally.truePositives;
}

/** `part / whole`, or `undefined` when there is nothing to divide by: undefined is not zero. */
export function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
