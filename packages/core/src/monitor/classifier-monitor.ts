import { evidenceFamilies } from '../evidence/evidence-families.ts';
import { Evidence } from '../evidence/evidence.ts';
import { isDuration } from '../metrics/is-duration.ts';
import { createMetricProducer, type MetricProducer } from '../metrics/metric-producer.ts';
import type { ClassifierState } from '../state/classifier-state.ts';
import { exportState } from '../state/export-state.ts';
import { mergeStates } from '../state/merge-states.ts';
import { stateSnapshot } from '../state/state-snapshot.ts';
import { ConfigError } from '../vocabulary/config-error.ts';
import { PendingLabels, type JoinedLabel } from '../labels/pending-labels.ts';
import { logBucket } from '../window/log-buckets.ts';
import { SlidingWindow } from '../window/sliding-window.ts';
import { steadyTime } from '../window/steady-time.ts';
import type { Slice } from '../window/slice.ts';
import { ClassNames } from './class-names.ts';
import type { Answer, ClassifierRecorder, ErrorRecord, PredictionRecord } from './classifier-recorder.ts';
import { classifierSnapshot, type ClassifierSnapshot } from './classifier-snapshot.ts';
import { ClassifierTotals, type Refusal } from './classifier-totals.ts';
import { createClassify } from './classify.ts';
import { monitorFamilies } from './monitor-families.ts';
import { errorReason } from './error-reason.ts';
import { createSetRecorder } from '../multilabel/set-recorder.ts';
import { isName } from './is-name.ts';
import { monitorSettings, type ClassifierMonitorOptions } from './monitor-options.ts';

/** Measures one classifier. Starts nothing, so there is nothing to close. */
export interface ClassifierMonitor extends ClassifierRecorder {
  /**
   * The scores of a window that ends now.
   *
   * @param options - `windowMs`: at most the longest configured window. Default: the option `windowMs`.
   * @throws {@link ConfigError} when the window is longer than what is kept.
   */
  snapshot(options?: { readonly windowMs?: number }): ClassifierSnapshot;
  /**
   * Everything that is counted in the windows now, as plain JSON: to be added to what other processes counted with
   * `ClassifierMonitor.merge`. Counts only, no ids and no single prediction.
   */
  exportState(): ClassifierState;
  /** All metrics of this monitor, for the option `metricProducers` of any OpenTelemetry reader. */
  readonly metricProducer: MetricProducer;
  /** Takes what workers tell about themselves: see {@link receiveForwarded}. */
  readonly workers: WorkerReports;
}

/** What can be done with the states of many monitors. */
export const ClassifierMonitor: {
  /**
   * Adds what several monitors have counted: TP, FP, FN and buckets are added, ratios computed from the sums.
   * Associative and commutative, to the last bit.
   *
   * @throws {@link ConfigError} when there is no state, one has another version, or their monitors were not alike.
   */
  merge(states: readonly ClassifierState[]): ClassifierState;
  /**
   * The scores of a state, as `monitor.snapshot()` gives them of a monitor. In a merged one, `estimated`, `drift` and
   * `latencySeconds` are of all processes together too.
   *
   * @param options - `windowMs`: one of the windows of the monitors. Default: their option `windowMs`.
   * @throws {@link ConfigError} when the monitors did not keep such a window.
   */
  snapshot(state: ClassifierState, options?: { readonly windowMs?: number }): ClassifierSnapshot;
} = {
  merge: mergeStates,
  snapshot: (state, options) => stateSnapshot(state, options?.windowMs),
};

/** What a worker knows and the process that counts does not. */
export interface WorkerReports {
  /** Calls that run in a worker at this moment; `undefined` forgets the worker. At most 10,000 workers are kept. */
  inflight(worker: string, calls: number | undefined): void;
  /** Events that a worker dropped before it could tell them. */
  dropped(events: number): void;
  /** A message, or a part of one, that does not have the agreed shape. */
  malformed(): void;
}

const MAX_WORKERS = 10_000;

/** The last time that JavaScript knows. Larger numbers would leave the sum of label delays at infinity. */
const LAST_DATE_MS = 8.64e15;

/**
 * Starts measuring a classifier.
 *
 * Windows are by event time in whole slices of `sliceMs`; all counts are integers. Memory is bounded by the
 * options, whatever is recorded.
 *
 * @throws {@link ConfigError} when an option cannot be used.
 */
export function createClassifierMonitor(options: ClassifierMonitorOptions): ClassifierMonitor {
  const settings = monitorSettings(options);
  const { clock, logger, model } = settings;
  const names = new ClassNames(settings.classes, settings.maxClasses);
  const totals = new ClassifierTotals(names);
  const time = steadyTime(clock);
  const startedMs = time.now();
  const longestMs = Math.max(...settings.windows);
  const window = new SlidingWindow(longestMs, settings.sliceMs);
  const workerCalls = new Map<string, number>();
  const warned = new Set<Refusal>();
  let ownCalls = 0;

  const pending = new PendingLabels({
    maxPending: settings.maxPendingLabels,
    timeoutMs: settings.labelTimeoutMs,
    earlyLabelMs: settings.earlyLabelMs,
    onOutcome: (outcome) => {
      totals.labelOutcomes[outcome] += 1;
    },
  });

  /** Counts what cannot be used, and says so once for each reason: a log line an event would hurt the host. */
  function refuse(reason: Refusal, error?: unknown): void {
    totals.refusals[reason] += 1;
    if (warned.has(reason)) return;
    warned.add(reason);
    const cause = error === undefined ? undefined : errorReason(error);
    logger.warn({ model, reason, cause }, 'an event could not be used; more of this kind are only counted');
  }

  const evidence = new Evidence(settings, refuse);

  function eventTime(atMs: number | undefined, nowMs: number): number {
    if (atMs === undefined) return nowMs;
    if (Math.abs(atMs) <= LAST_DATE_MS) return time.ofEvent(atMs, nowMs);
    refuse('time');
    return nowMs;
  }

  function observeDuration(seconds: number | undefined, slice: Slice | undefined): void {
    if (seconds === undefined) return;
    if (!isDuration(seconds)) {
      refuse('duration');
      return;
    }
    totals.requestDuration.observe(seconds);
    slice?.durations.add(logBucket(seconds));
  }

  function usableConfidence(confidence: number | undefined): number | undefined {
    if (confidence === undefined) return undefined;
    // By type too: a NaN of a worker arrives as null, which compares like 0.
    if (typeof confidence === 'number' && confidence >= 0 && confidence <= 1) return confidence;
    refuse('confidence');
    return undefined;
  }

  function countTruth(
    predicted: string,
    actual: string,
    confidence: number | undefined,
    timeMs: number,
    slice: Slice | undefined,
    nowMs: number,
  ): void {
    const saidNumber = names.numberOf(predicted);
    const trueNumber = names.numberOf(actual);
    // By name, not by number: two classes that share `_OTHER` are still two classes.
    const isCorrect = predicted === actual;
    const cell = totals.confusion.add(names.cell(trueNumber, saidNumber));
    totals.labelled += 1;
    evidence.settled(saidNumber, trueNumber, isCorrect, confidence, timeMs, nowMs);
    for (const counts of slice === undefined ? [totals] : [totals, slice]) {
      counts.predicted.add(saidNumber);
      counts.support.add(trueNumber);
      if (isCorrect) counts.truePositives.add(saidNumber);
    }
    if (slice === undefined) return;
    slice.labelled += 1;
    slice.confusion.add(cell);
    if (isCorrect) slice.correct += 1;
    if (confidence !== undefined) slice.calibration.add(confidence, isCorrect);
  }

  function settle(id: string, joined: JoinedLabel, nowMs: number): void {
    const { prediction, actual } = joined;
    const slice = window.at(prediction.timeMs, nowMs);
    evidence.recall(id);
    countTruth(prediction.predicted, actual, prediction.confidence, prediction.timeMs, slice, nowMs);
    observeDelay(joined, nowMs);
  }

  const slicesAt = (timeMs: number, nowMs: number): readonly Slice[] => {
    const slice = window.at(timeMs, nowMs);
    return slice === undefined ? [] : [slice];
  };

  function observeDelay({ prediction, labelMs }: JoinedLabel, nowMs: number): void {
    const delaySeconds = Math.max(0, labelMs - prediction.timeMs) / 1000;
    totals.labelDelay.observe(delaySeconds);
    for (const slice of slicesAt(prediction.timeMs, nowMs)) slice.labelDelays.add(logBucket(delaySeconds));
  }

  function record(prediction: PredictionRecord): void {
    const { predicted, actual, id, durationSeconds, atMs } = prediction;
    if (!isName(predicted)) {
      refuse('class');
      return;
    }
    const nowMs = time.now();
    const timeMs = eventTime(atMs, nowMs);
    const said = names.numberOf(predicted);
    const confidence = evidence.read(prediction, said, usableConfidence(prediction.confidence));
    const slice = window.at(timeMs, nowMs);
    totals.predictions.add(said);
    evidence.predicted(said, confidence, timeMs, nowMs);
    if (slice !== undefined) slice.predictions += 1;
    observeDuration(durationSeconds, slice);
    if (actual !== undefined) {
      if (!isName(actual)) refuse('class');
      else {
        countTruth(predicted, actual, confidence, timeMs, slice, nowMs);
        if (id !== undefined) settleAtOnce(id, actual, nowMs);
      }
    } else if (id !== undefined) {
      waitForLabel(id, { predicted, timeMs, confidence }, nowMs);
    }
  }

  function settleAtOnce(id: string, actual: string, nowMs: number): void {
    if (!isName(id)) {
      refuse('id');
      return;
    }
    pending.expire(nowMs);
    pending.settle(id, actual);
    evidence.drop(id);
  }

  function waitForLabel(id: string, prediction: JoinedLabel['prediction'], nowMs: number): void {
    if (!isName(id)) {
      refuse('id');
      return;
    }
    pending.expire(nowMs);
    evidence.keep(id);
    const joined = pending.predict(id, prediction);
    if (joined !== undefined) settle(id, joined, nowMs);
  }

  function recordError({ reason, durationSeconds, atMs }: ErrorRecord): void {
    const nowMs = time.now();
    const slice = window.at(eventTime(atMs, nowMs), nowMs);
    const isWord = typeof reason === 'string' && reason.length > 0 && reason.length <= 64;
    totals.errors.add(isWord ? reason : 'unknown');
    if (slice !== undefined) slice.errors += 1;
    observeDuration(durationSeconds, slice);
  }

  function label(id: string, actual: Answer, { atMs }: { readonly atMs?: number } = {}): void {
    if (sets !== undefined) sets.label(id, actual, atMs);
    else if (!isName(id)) refuse('id');
    else if (!isName(actual)) refuse('class');
    else {
      const nowMs = time.now();
      pending.expire(nowMs);
      const joined = pending.label(id, actual, eventTime(atMs, nowMs));
      if (joined !== undefined) settle(id, joined, nowMs);
    }
  }

  const inflight = (): number => [...workerCalls.values()].reduce((sum, calls) => sum + calls, ownCalls);

  const watchedMs = (windowMs: number, nowMs: number): number =>
    nowMs - Math.max(startedMs, window.startMs(windowMs, nowMs));

  function exportNow(): ClassifierState {
    const nowMs = time.now();
    pending.expire(nowMs);
    const windows = [...new Set(settings.windows)].map((windowMs) => ({
      windowMs,
      watchedMs: watchedMs(windowMs, nowMs),
      counts: window.sum(windowMs, nowMs),
      evidence: evidence.sum(windowMs, nowMs),
    }));
    return exportState({
      settings,
      names,
      evidence,
      nowMs,
      pending: pending.size,
      inflight: inflight(),
      windows,
    });
  }

  function snapshot({
    windowMs = settings.windowMs,
  }: { readonly windowMs?: number } = {}): ClassifierSnapshot {
    if (!(windowMs > 0 && windowMs <= longestMs)) {
      const problem = `expected milliseconds from 0 to ${longestMs}, got ${windowMs}`;
      const remedy = 'name longer windows in the option "windows" of createClassifierMonitor';
      throw new ConfigError('snapshot', [{ code: 'out-of-range', path: 'windowMs', problem, remedy }]);
    }
    const nowMs = time.now();
    pending.expire(nowMs);
    const scores = classifierSnapshot(window.sum(windowMs, nowMs), names, {
      model,
      version: settings.version,
      positiveClass: settings.positiveClass,
      task: settings.task,
      windowMs,
      watchedMs: watchedMs(windowMs, nowMs),
      pending: pending.size,
      inflight: inflight(),
      undefinedScore: settings.undefinedScore,
    });
    return { ...scores, ...evidence.snapshot(windowMs, nowMs, names.entries()) };
  }

  const sets =
    settings.task === 'single-label'
      ? undefined
      : createSetRecorder({
          names,
          totals,
          pending,
          evidence,
          slicesAt,
          now: () => time.now(),
          eventTime,
          observeDuration: (seconds, timeMs, nowMs) => observeDuration(seconds, window.at(timeMs, nowMs)),
          observeDelay,
          refuse,
        });

  const recorder: Pick<ClassifierRecorder, 'record' | 'recordError'> = {
    record: guard(
      (prediction) => (sets === undefined ? record(prediction) : sets.record(prediction)),
      refuse,
    ),
    recordError: guard(recordError, refuse),
  };

  return {
    ...recorder,
    label: guard(label, refuse),
    classify: createClassify(
      {
        ...recorder,
        inflight: (change) => {
          ownCalls += change;
        },
        unreadable: (error) => refuse('unreadable', error),
      },
      clock,
      settings.errorReason,
    ),
    snapshot,
    exportState: exportNow,
    metricProducer: createMetricProducer({
      scope: '@tidewatch/core',
      clock,
      families: () => {
        const now = snapshot();
        return [
          ...monitorFamilies(now, totals, names, settings),
          ...evidenceFamilies(now, evidence, settings),
        ];
      },
    }),
    workers: {
      inflight(worker, calls) {
        if (calls === undefined) workerCalls.delete(worker);
        else if (workerCalls.has(worker) || workerCalls.size < MAX_WORKERS) workerCalls.set(worker, calls);
        else refuse('forwarded');
      },
      dropped(events) {
        totals.forwardingDropped += events;
      },
      malformed: () => refuse('forwarded'),
    },
  };
}

/** The last line of defence: a getter that throws in what the host passes must not break a prediction. */
function guard<Input extends unknown[]>(
  take: (...input: Input) => void,
  refuse: (reason: Refusal, error: unknown) => void,
): (...input: Input) => void {
  return (...input) => {
    try {
      take(...input);
    } catch (error) {
      refuse('unreadable', error);
    }
  };
}
