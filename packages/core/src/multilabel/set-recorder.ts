import type { Evidence } from '../evidence/evidence.ts';
import type { JoinedLabel, PendingLabels } from '../labels/pending-labels.ts';
import type { ClassNames } from '../monitor/class-names.ts';
import type { PredictionRecord } from '../monitor/classifier-recorder.ts';
import type { ClassifierTotals } from '../monitor/classifier-totals.ts';
import { isName } from '../monitor/is-name.ts';
import type { Slice } from '../window/slice.ts';
import { labelSet, setKey, setOfKey } from './label-set.ts';

/** What the recorder of sets shares with that of single classes. */
export interface SetRecorderParts {
  readonly names: ClassNames;
  readonly totals: ClassifierTotals;
  readonly pending: PendingLabels;
  readonly evidence: Evidence;
  /** Slices that an event of this time belongs to. */
  readonly slicesAt: (timeMs: number, nowMs: number) => readonly Slice[];
  readonly now: () => number;
  readonly eventTime: (atMs: number | undefined, nowMs: number) => number;
  readonly observeDuration: (event: { readonly durationSeconds?: number }, slices: readonly Slice[]) => void;
  readonly observeDelay: (joined: JoinedLabel, slices: readonly Slice[]) => void;
  readonly refuse: (reason: 'class' | 'id') => void;
}

/** Takes predictions of several classes at once, for the option `task: 'multi-label'`. */
export interface SetRecorder {
  record(prediction: PredictionRecord): void;
  label(id: string, actual: unknown, atMs: number | undefined): void;
}

export function createSetRecorder(parts: SetRecorderParts): SetRecorder {
  const {
    names,
    totals,
    pending,
    evidence,
    slicesAt,
    now,
    eventTime,
    observeDuration,
    observeDelay,
    refuse,
  } = parts;

  /** Each class is counted on its own: scikit-learn's multilabel indicators. */
  function countTruth(
    said: readonly string[],
    truth: readonly string[],
    timeMs: number,
    nowMs: number,
  ): void {
    const isCorrect = setKey(said) === setKey(truth);
    const slices = slicesAt(timeMs, nowMs);
    totals.labelled += 1;
    for (const slice of slices) {
      slice.labelled += 1;
      if (isCorrect) slice.correct += 1;
    }
    for (const counts of [totals, ...slices]) {
      for (const name of said) counts.predicted.add(names.numberOf(name));
      for (const name of truth) {
        counts.support.add(names.numberOf(name));
        if (said.includes(name)) counts.truePositives.add(names.numberOf(name));
      }
    }
    evidence.goTo(timeMs, nowMs);
    evidence.settledSet(said, truth, isCorrect);
  }

  function settle(id: string, joined: JoinedLabel, nowMs: number): void {
    const { predicted, timeMs } = joined.prediction;
    evidence.recall(id);
    countTruth(setOfKey(predicted), setOfKey(joined.actual), timeMs, nowMs);
    observeDelay(joined, slicesAt(timeMs, nowMs));
  }

  return {
    record(prediction) {
      const said = labelSet(prediction.predicted);
      if (said === undefined) {
        refuse('class');
        return;
      }
      const { id, actual } = prediction;
      const nowMs = now();
      const timeMs = eventTime(prediction.atMs, nowMs);
      evidence.readSegments(prediction.segments);
      for (const name of said) totals.predictions.add(names.numberOf(name));
      for (const slice of slicesAt(timeMs, nowMs)) slice.predictions += 1;
      evidence.goTo(timeMs, nowMs);
      evidence.predictedSet();
      observeDuration(prediction, slicesAt(timeMs, nowMs));
      const truth = actual === undefined ? undefined : labelSet(actual);
      if (truth !== undefined) countTruth(said, truth, timeMs, nowMs);
      else if (actual !== undefined) refuse('class');
      if (id === undefined) return;
      if (!isName(id)) {
        refuse('id');
        return;
      }
      pending.expire(nowMs);
      if (truth !== undefined) {
        pending.settle(id, setKey(truth));
        evidence.drop(id);
      } else if (actual === undefined) {
        evidence.keep(id);
        const joined = pending.predict(id, { predicted: setKey(said), timeMs, confidence: undefined });
        if (joined !== undefined) settle(id, joined, nowMs);
      }
    },
    label(id, actual, atMs) {
      const truth = labelSet(actual);
      if (!isName(id)) refuse('id');
      else if (truth === undefined) refuse('class');
      else {
        const nowMs = now();
        pending.expire(nowMs);
        const joined = pending.label(id, setKey(truth), eventTime(atMs, nowMs));
        if (joined !== undefined) settle(id, joined, nowMs);
      }
    },
  };
}
