import type { Scores } from '../scores/score-reader.ts';

/** A class; with the option `task: 'multi-label'`, a list of classes. */
export type Answer = string | readonly string[];

/** One prediction, as the service made it. */
export interface PredictionRecord {
  /** The class that was answered; 1 to 256 characters. */
  readonly predicted: Answer;
  /** The truth, when it is known at once. */
  readonly actual?: Answer;
  /** Joins a label that comes later; 1 to 256 characters, unique among predictions that wait for a label. */
  readonly id?: string;
  /** How sure the classifier was, 0 to 1. @defaultValue the score of the predicted class, when there are `scores` */
  readonly confidence?: number;
  /**
   * A probability for each declared class, in the order of the option `classes` or by name. Scores that sum to
   * 0.99 to 1.01 are scaled to 1; others are not used and counted in `tidewatch_refused_total{reason="scores"}`.
   */
  readonly scores?: Scores;
  /** Values of the option `segments` by name; what is not configured there is ignored. */
  readonly segments?: Readonly<Record<string, string>>;
  /** How long the call took, in seconds. */
  readonly durationSeconds?: number;
  /** When it was made, in milliseconds since the Unix epoch. @defaultValue now */
  readonly atMs?: number;
  /**
   * The trace of the request, 32 hexadecimal digits: the exemplar when the prediction was sure (0.9 and more) and wrong.
   *
   * @defaultValue that of OpenTelemetry's active span, when the trace is sampled
   */
  readonly traceId?: string;
}

/** One call that gave no prediction. */
export interface ErrorRecord {
  /** A word from a small set, such as `timeout`; at most 64 characters. */
  readonly reason: string;
  readonly durationSeconds?: number;
  /** When it failed, in milliseconds since the Unix epoch. @defaultValue now */
  readonly atMs?: number;
}

export interface LabelOptions {
  /** When the truth became known, in milliseconds since the Unix epoch. @defaultValue now */
  readonly atMs?: number;
}

/** What a result says: enough of a {@link PredictionRecord} to count it. */
export type Reading = Pick<PredictionRecord, 'predicted' | 'actual' | 'confidence' | 'scores' | 'segments'>;

export interface ClassifyOptions<Result> {
  /** Joins a label that comes later. */
  readonly id?: string;
  /**
   * Finds the class in a result. What it throws is counted and never reaches the caller.
   *
   * @defaultValue the result itself when it is a string, else its properties `predicted`, `confidence` and `scores`
   */
  readonly read?: (result: Result) => Reading;
}

/**
 * What a service calls to be measured: the monitor itself, or a worker's line to it.
 *
 * Nothing here throws into the service. What cannot be used is counted in `tidewatch_refused_total`.
 */
export interface ClassifierRecorder {
  /** Counts one prediction. */
  record(prediction: PredictionRecord): void;
  /** Gives the truth of an earlier prediction; it lands in the window in which the prediction was made. */
  label(id: string, actual: Answer, options?: LabelOptions): void;
  /** Counts one call that gave no prediction; `classify` does it by itself. */
  recordError(error: ErrorRecord): void;
  /**
   * Runs a call of the classifier: times it, counts it as in flight while it runs, records what it answers,
   * or counts what it throws by reason and throws the very same again.
   */
  classify<Result>(
    run: () => Result | PromiseLike<Result>,
    options?: ClassifyOptions<Result>,
  ): Promise<Result>;
}
