import type { EvidenceSnapshot } from '../evidence/evidence-snapshot.ts';
import type { CalibrationBin } from '../quality/calibration-bins.ts';
import type { Task } from './monitor-options.ts';
import { hammingLoss } from '../multilabel/set-counts.ts';
import { agreement, type Agreement } from '../quality/agreement.ts';
import { averagedScores, type AveragedScores, type UndefinedScore } from '../quality/averages.ts';
import { classScores, type ClassScores } from '../quality/class-scores.ts';
import type { ClassTally } from '../quality/class-tally.ts';
import { NO_INTERVALS, scoreIntervals, type ScoreIntervals } from '../quality/score-intervals.ts';
import { wilsonInterval, type Proportion } from '../quality/wilson-interval.ts';
import { durationQuantiles, type DurationQuantiles } from '../window/log-buckets.ts';
import type { Slice } from '../window/slice.ts';
import type { ClassNames, ConfusionCell } from './class-names.ts';

/** A window of a classifier as plain data. What is undefined is `undefined`, never 0. */
export interface ClassifierSnapshot extends CountedSnapshot, EvidenceSnapshot {
  /** How far chance may have moved the scores above that carry no interval of their own. */
  readonly intervals: ScoreIntervals;
}

/** What the counts of right and wrong say. */
export interface CountedSnapshot extends AveragedScores, Agreement {
  readonly model: string;
  readonly version: string | undefined;
  readonly windowMs: number;
  /** Predictions made in the window. */
  readonly n: number;
  /** Of these, how many have their truth by now. */
  readonly labelled: number;
  /** Calls that failed in the window. */
  readonly errors: number;
  /** Calls that run at this moment. */
  readonly inflight: number;
  /** Share of labelled predictions that were right (of sets: wholly right), with its 95 % interval. */
  readonly accuracy: Proportion | undefined;
  /** Declared classes and those seen so far, in that order. */
  readonly perClass: readonly ClassScores[];
  /** Cells that are not 0. */
  readonly confusion: readonly ConfusionCell[];
  /** Of the task `multi-label`: share of decisions, one per prediction and class, that were wrong, 0 to 1. */
  readonly hammingLoss: number | undefined;
  /** Expected calibration error, 0 to 1. Absent when no labelled prediction came with a confidence. */
  readonly ece: number | undefined;
  /** The bins behind `ece`, from the lowest confidence up; those that are empty are left out. */
  readonly calibration: readonly CalibrationBin[];
  /** Durations of the calls in the window, failed ones included. */
  readonly latencySeconds: DurationQuantiles | undefined;
  /** Predictions a second, over the part of the window that was watched. Absent at the very start. */
  readonly throughputPerSecond: number | undefined;
  readonly labels: {
    /** Predictions that wait for their truth now, in the window or not. */
    readonly pending: number;
    /** Share of the predictions in the window whose truth is known, 0 to 1. */
    readonly coverage: number | undefined;
    /** Time from prediction to label, for predictions in the window whose label came later. */
    readonly delaySeconds: DurationQuantiles | undefined;
  };
}

/** What the counts of the window do not say. */
export interface SnapshotContext {
  readonly model: string;
  readonly version: string | undefined;
  readonly positiveClass: string | undefined;
  readonly task: Task;
  readonly windowMs: number;
  /** From the begin of the window, or of the monitor when that was later, until now, in milliseconds. */
  readonly watchedMs: number;
  readonly pending: number;
  readonly inflight: number;
  readonly undefinedScore: UndefinedScore;
}

const NO_AGREEMENT: Agreement = { balancedAccuracy: undefined, mcc: undefined, kappa: undefined };

/** Turns the counts of a window into scores. */
export function classifierSnapshot(
  counts: Slice,
  names: ClassNames,
  {
    model,
    version,
    positiveClass,
    task,
    windowMs,
    watchedMs,
    pending,
    inflight,
    undefinedScore,
  }: SnapshotContext,
): CountedSnapshot {
  const tallies = classTallies(counts, names);
  const { predictions: n, labelled } = counts;
  const isMulti = task === 'multi-label';
  return {
    model,
    version,
    windowMs,
    n,
    labelled,
    errors: counts.errors,
    inflight,
    accuracy: wilsonInterval(counts.correct, labelled),
    ...averagedScores(tallies, undefinedScore, positiveClass),
    // Of sets there is no confusion matrix, and nothing that comes from one.
    ...(isMulti ? NO_AGREEMENT : agreement(tallies)),
    hammingLoss: isMulti ? hammingLoss(tallies, labelled) : undefined,
    perClass: tallies.map(classScores),
    confusion: names.cellNames(counts.confusion.entries()),
    ece: counts.calibration.expectedError(),
    calibration: counts.calibration.bins(),
    latencySeconds: durationQuantiles(counts.durations),
    throughputPerSecond: watchedMs <= 0 ? undefined : n / (watchedMs / 1000),
    labels: {
      pending,
      coverage: n === 0 ? undefined : labelled / n,
      delaySeconds: durationQuantiles(counts.labelDelays),
    },
  };
}

/** Apart from the scores themselves: a scrape does not need them. */
export function snapshotIntervals(
  snapshot: CountedSnapshot,
  { task, undefinedScore }: Pick<SnapshotContext, 'task' | 'undefinedScore'>,
): ScoreIntervals {
  if (task === 'multi-label') return NO_INTERVALS;
  // In one order, whatever order the classes came in: sums of floating point depend on it.
  const tallies = snapshot.perClass
    .map((row) => ({
      class: row.class,
      truePositives: row.truePositives,
      predicted: row.truePositives + row.falsePositives,
      support: row.support,
    }))
    .toSorted((a, b) => (a.class < b.class ? -1 : 1));
  const numbers = new Map(tallies.map((tally, number) => [tally.class, number]));
  const misses = snapshot.confusion
    .filter(({ actual, predicted }) => actual !== predicted)
    .map(({ actual, predicted, count }) => ({
      truth: numbers.get(actual) ?? -1,
      answer: numbers.get(predicted) ?? -1,
      count,
    }))
    .toSorted((a, b) => a.truth - b.truth || a.answer - b.answer);
  return scoreIntervals(snapshot, tallies, misses, undefinedScore);
}

/** The counts by class, in the order of the names. */
export function classTallies(
  counts: Pick<Slice, 'truePositives' | 'predicted' | 'support'>,
  names: ClassNames,
): ClassTally[] {
  return names.entries().map(([name, number]) => ({
    class: name,
    truePositives: counts.truePositives.get(number),
    predicted: counts.predicted.get(number),
    support: counts.support.get(number),
  }));
}
