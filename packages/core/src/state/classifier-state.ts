import type { UndefinedScore } from '../quality/averages.ts';
import type { MeanSumState } from '../scores/mean-sum.ts';
import type { Task } from '../monitor/monitor-options.ts';
import type { TopKTies } from '../scores/top-k-credit.ts';
import type { CountTable } from './count-table.ts';

/** Which version of the shape a state has. */
export const STATE_VERSION = 1;

/** What must be the same for counts to be added. */
export interface StateConfig {
  readonly model: string;
  /** Empty when there is none. */
  readonly version: string;
  readonly task: Task;
  readonly classes: readonly string[];
  /** Empty when there is none. */
  readonly positiveClass: string;
  readonly windows: readonly number[];
  readonly undefinedScore: UndefinedScore;
  readonly topK: readonly number[];
  readonly topKTies: TopKTies;
  /** Bins of each score curve. */
  readonly curveBins: number;
  readonly segments: readonly string[];
  /** Predictions of the drift reference of one process; 0 for none. */
  readonly reference: number;
}

/** Counts of one window, up to the moment of the export. */
export interface WindowState {
  readonly windowMs: number;
  /** Part of the window that was watched; of several processes the longest. */
  readonly watchedMs: number;
  /** One row: predictions, labelled, correct, errors. */
  readonly events: CountTable;
  /** Class; true positives, predicted, support. */
  readonly classes: CountTable;
  /** Actual, predicted; count. */
  readonly confusion: CountTable;
  /** Log bucket; calls. */
  readonly durations: CountTable;
  /** Log bucket; labels. */
  readonly labelDelays: CountTable;
  /** Bin; labelled, correct, confidence in millionths. */
  readonly calibration: CountTable;
  /** Class said, bin of confidence; predictions. */
  readonly confidences: CountTable;
  /** Place of the class, bin of the score; positives, negatives. */
  readonly curves: CountTable;
  /** Segment, value; predictions, labelled, correct. */
  readonly segments: CountTable;
  /** Mean losses and, for each k, the top-k credit. */
  readonly scores: ScoreState;
  /** Precision, recall, F1 and Jaccard index of sets; empty without sets. */
  readonly sets: readonly MeanSumState[];
}

export interface ScoreState {
  readonly n: number;
  readonly logLoss: MeanSumState;
  readonly brier: MeanSumState;
  readonly topK: readonly (readonly [units: number, carries: number])[];
}

/**
 * Everything that a monitor has counted in its windows, as plain JSON: for another process, or for the disk.
 *
 * Counts only, no ids and no single prediction. `ClassifierMonitor.merge` adds states of several processes.
 */
export interface ClassifierState {
  /** Marks the state as ours, and names its version. */
  readonly tidewatchState: typeof STATE_VERSION;
  readonly config: StateConfig;
  /** When it was exported, in milliseconds since the Unix epoch; of several the latest. */
  readonly asOfMs: number;
  readonly windows: readonly WindowState[];
  /** One row: predictions that wait for their labels, calls that run. */
  readonly now: CountTable;
  /** Class said, bin of confidence; labelled, right: what estimates have learnt from. */
  readonly learnt: CountTable;
  /** Class said, class that was true; labelled. */
  readonly learntConfusion: CountTable;
  /** One row: blocks graded, blocks inside of the interval. */
  readonly grades: CountTable;
  /** Class said, bin of confidence; predictions of the drift reference. */
  readonly driftReference: CountTable;
  /** Detector; alarms, events seen, monitors in which its last alarm is less than a window old. */
  readonly detectors: CountTable;
}
