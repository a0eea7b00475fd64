import { evidenceFamilies } from '../evidence/evidence-families.ts';
import { Evidence, type Sureness } from '../evidence/evidence.ts';
import { WorkerBook } from '../fleet/worker-book.ts';
import { isDuration } from '../metrics/is-duration.ts';
import { coreMetrics } from '../metrics/core-metrics.ts';
import { createMetricProducer, type MetricProducer } from '../metrics/metric-producer.ts';
import { publishToMeter } from '../metrics/publish-to-meter.ts';
import type { ClassifierState } from '../state/classifier-state.ts';
import { exportState } from '../state/export-state.ts';
import { mergeStates } from '../state/merge-states.ts';
import { stateSnapshot } from '../state/state-snapshot.ts';
import { ConfigError } from '../vocabulary/config-error.ts';
import { calibrationBin, millionths } from '../quality/calibration-bins.ts';
import { ownCopy } from '../labels/own-copy.ts';
import { PendingLabels, type JoinedLabel } from '../labels/pending-labels.ts';
import { logBucket } from '../window/log-buckets.ts';
import { SlidingWindow } from '../window/sliding-window.ts';
import { steadyTime } from '../window/steady-time.ts';
import type { Slice } from '../window/slice.ts';
import { ClassNames } from './class-names.ts';
import type { Answer, ClassifierRecorder, ErrorRecord, PredictionRecord } from './classifier-recorder.ts';
import {
  classifierSnapshot,
  snapshotIntervals,
  type ClassifierSnapshot,
  type CountedSnapshot,
} from './classifier-snapshot.ts';
import { ClassifierTotals, type Refusal } from './classifier-totals.ts';
import { createClassify } from './classify.ts';
import { monitorFamilies } from './monitor-families.ts';
import { errorReason } from './error-reason.ts';
import { createSetRecorder } from '../multilabel/set-recorder.ts';
import { isName } from './is-name.ts';
import { activeTraceId, SURE_CONFIDENCE, TraceExemplars, usableTraceId } from './trace-exemplars.ts';
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
  /**
   * Calls that run in a worker at this moment, which is a sign of life too; `undefined` says that the worker is gone.
   * At most 10,000 workers are kept.
   */
  inflight(worker: string, calls: number | undefined): void;
  /** Events that a worker dropped before it could tell them. */
  dropped(events: number): void;
  /** A message, or a part of one, that does not have the agreed shape. */
  malformed(): void;
}

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
  const exemplars = new TraceExemplars();
  const time = steadyTime(clock);
  const startedMs = time.now();
  const longestMs = Math.max(...settings.windows);
  const window = new SlidingWindow(settings.windows, settings.sliceMs);
  const workers = new WorkerBook();
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

  /** Takes the event and not the number: a number that is no integer would be copied to the heap on the way. */
  function observeDuration(event: { readonly durationSeconds?: number }, slices: readonly Slice[]): void {
    const seconds = event.durationSeconds;
    if (seconds === undefined) return;
    if (!isDuration(seconds)) {
      refuse('duration');
      return;
    }
    totals.requestDuration.observe(seconds);
    const bucket = logBucket(seconds);
    for (const slice of slices) slice.durations.add(bucket);
  }

  /** Whether an event says how sure the classifier was, in a way that can be used. */
  function isSure(event: { readonly confidence?: number | undefined }): event is Sureness {
    const { confidence } = event;
    if (confidence === undefined) return false;
    // By type too: a NaN of a worker arrives as null, which compares like 0.
    if (typeof confidence === 'number' && confidence >= 0 && confidence <= 1) return true;
    refuse('confidence');
    return false;
  }

  function countTruth(
    predicted: string,
    saidNumber: number,
    actual: string,
    sureness: Sureness | undefined,
    traceId: string | undefined,
    slices: readonly Slice[],
  ): void {
    // By name, not by number: two classes that share `_OTHER` are still two classes.
    const isCorrect = predicted === actual;
    const trueNumber = isCorrect ? saidNumber : names.numberOf(actual);
    const cell = names.cell(trueNumber, saidNumber);
    totals.labelled += 1;
    evidence.settled(saidNumber, trueNumber, isCorrect, sureness);
    totals.confusion.add(cell);
    countClasses(totals, saidNumber, trueNumber, isCorrect);
    for (const slice of slices) {
      slice.labelled += 1;
      slice.confusion.add(cell);
      countClasses(slice, saidNumber, trueNumber, isCorrect);
      if (isCorrect) slice.correct += 1;
    }
    if (sureness === undefined) return;
    if (traceId !== undefined && !isCorrect) exemplars.note(cell, traceId, sureness.confidence, clock.now());
    const bin = calibrationBin(sureness.confidence);
    const sure = millionths(sureness.confidence);
    for (const slice of slices) slice.calibration.count(bin, sure, isCorrect);
  }

  function settle(id: string, joined: JoinedLabel, nowMs: number): void {
    const { prediction, actual } = joined;
    const { predicted, timeMs, traceId } = prediction;
    const slices = window.at(timeMs, nowMs);
    const sureness = hasConfidence(prediction) ? prediction : undefined;
    evidence.goTo(timeMs, nowMs);
    evidence.recall(id);
    countTruth(predicted, names.numberOf(predicted), actual, sureness, traceId, slices);
    observeDelay(joined, slices);
  }

  function observeDelay({ prediction, labelMs }: JoinedLabel, slices: readonly Slice[]): void {
    const delaySeconds = Math.max(0, labelMs - prediction.timeMs) / 1000;
    totals.labelDelay.observe(delaySeconds);
    const bucket = logBucket(delaySeconds);
    for (const slice of slices) slice.labelDelays.add(bucket);
  }

  function record(prediction: PredictionRecord): void {
    const { predicted, actual, id, atMs } = prediction;
    if (!isName(predicted)) {
      refuse('class');
      return;
    }
    const nowMs = time.now();
    const timeMs = atMs === undefined ? nowMs : eventTime(atMs, nowMs);
    const slices = atMs === undefined ? window.now(nowMs) : window.at(timeMs, nowMs);
    const saidNumber = names.numberOf(predicted);
    const sureness = evidence.read(prediction, saidNumber, isSure(prediction) ? prediction : undefined);
    totals.predictions.add(saidNumber);
    evidence.goTo(timeMs, nowMs);
    evidence.predicted(saidNumber, sureness);
    for (const slice of slices) slice.predictions += 1;
    observeDuration(prediction, slices);
    if (actual !== undefined) {
      if (!isName(actual)) refuse('class');
      else {
        const traceId = predicted === actual ? undefined : traceIdOf(prediction, sureness);
        countTruth(predicted, saidNumber, actual, sureness, traceId, slices);
        if (id !== undefined) settleAtOnce(id, actual, nowMs);
      }
    } else if (id !== undefined) {
      waitForLabel(
        id,
        {
          predicted: ownCopy(predicted),
          timeMs,
          confidence: sureness?.confidence,
          traceId: traceIdOf(prediction, sureness),
        },
        nowMs,
      );
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

  function recordError(failure: ErrorRecord): void {
    const { reason, atMs } = failure;
    const nowMs = time.now();
    const slices = window.at(eventTime(atMs, nowMs), nowMs);
    const isWord = typeof reason === 'string' && reason.length > 0 && reason.length <= 64;
    totals.errors.add(isWord ? reason : 'unknown');
    for (const slice of slices) slice.errors += 1;
    observeDuration(failure, slices);
  }

  function label(id: string, actual: Answer, atMs: number | undefined): void {
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

  const inflight = (): number => ownCalls + workers.calls;

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
    const counted = countedSnapshot(windowMs, nowMs);
    return {
      ...counted,
      intervals: snapshotIntervals(counted, settings),
      ...evidence.snapshot(windowMs, nowMs, names.entries()),
    };
  }

  function countedSnapshot(windowMs: number, nowMs: number): CountedSnapshot {
    pending.expire(nowMs);
    return classifierSnapshot(window.sum(windowMs, nowMs), names, {
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
  }

  const sets =
    settings.task === 'single-label'
      ? undefined
      : createSetRecorder({
          names,
          totals,
          pending,
          evidence,
          slicesAt: (timeMs, nowMs) => window.at(timeMs, nowMs),
          now: () => time.now(),
          eventTime,
          observeDuration,
          observeDelay,
          refuse,
        });

  // Guarded: a getter that throws in what the host passes must not break a prediction.
  const recorder: Pick<ClassifierRecorder, 'record' | 'recordError' | 'label'> = {
    record(prediction) {
      try {
        if (sets === undefined) record(prediction);
        else sets.record(prediction);
      } catch (error) {
        refuse('unreadable', error);
      }
    },
    recordError(failure) {
      try {
        recordError(failure);
      } catch (error) {
        refuse('unreadable', error);
      }
    },
    label(id, actual, labelOptions) {
      try {
        label(id, actual, labelOptions?.atMs);
      } catch (error) {
        refuse('unreadable', error);
      }
    },
  };

  const metricProducer = createMetricProducer({
    scope: '@tidewatch/core',
    clock,
    *families() {
      const { windowMs } = settings;
      const nowMs = time.now();
      const counted = countedSnapshot(windowMs, nowMs);
      yield* monitorFamilies(counted, totals, names, exemplars, workers.states(nowMs), settings);
      // Maybe turns of the event loop later: what was recorded meanwhile is in these, and no sum of the others is.
      const laterMs = time.now();
      yield* evidenceFamilies(evidence.snapshot(windowMs, laterMs, names.entries()), evidence, settings);
    },
  });
  if (settings.meter !== undefined) {
    publishToMeter({ meter: settings.meter, producer: metricProducer, definitions: coreMetrics, clock });
  }

  return {
    ...recorder,
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
    metricProducer,
    workers: {
      inflight(worker, calls) {
        if (calls === undefined) workers.forget(worker);
        else if (!workers.hear(worker, calls, time.now())) refuse('forwarded');
      },
      dropped(events) {
        totals.forwardingDropped += events;
      },
      malformed: () => refuse('forwarded'),
    },
  };
}

/** Asked for only where it may be needed: finding the active span costs more than counting does. */
function traceIdOf({ traceId }: PredictionRecord, sureness: Sureness | undefined): string | undefined {
  if (sureness === undefined || sureness.confidence < SURE_CONFIDENCE) return undefined;
  return traceId === undefined ? activeTraceId() : usableTraceId(traceId);
}

function hasConfidence(event: { readonly confidence: number | undefined }): event is Sureness {
  return event.confidence !== undefined;
}

function countClasses(
  counts: Pick<Slice, 'predicted' | 'support' | 'truePositives'>,
  saidNumber: number,
  trueNumber: number,
  isCorrect: boolean,
): void {
  counts.predicted.add(saidNumber);
  counts.support.add(trueNumber);
  if (isCorrect) counts.truePositives.add(saidNumber);
}
