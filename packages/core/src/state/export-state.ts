import { MAX_GROUPS, ROW, type ConfidenceCounts } from '../estimate/confidence-counts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { EvidenceSlice } from '../evidence/evidence-slice.ts';
import { OTHER_CLASS, type ClassNames } from '../monitor/class-names.ts';
import { classTallies } from '../monitor/classifier-snapshot.ts';
import type { MonitorSettings } from '../monitor/monitor-options.ts';
import { MeanSum } from '../scores/mean-sum.ts';
import type { Slice } from '../window/slice.ts';
import { STATE_VERSION, type ClassifierState, type WindowState } from './classifier-state.ts';
import { mergeTables, type CountRow, type CountTable } from './count-table.ts';

/** What a monitor has, at one moment. */
export interface Exportable {
  readonly settings: MonitorSettings;
  readonly names: ClassNames;
  readonly evidence: Evidence;
  readonly nowMs: number;
  readonly pending: number;
  readonly inflight: number;
  readonly windows: readonly WindowCounts[];
}

interface WindowCounts {
  readonly windowMs: number;
  readonly watchedMs: number;
  readonly counts: Slice;
  readonly evidence: EvidenceSlice;
}

/** Writes down all counts by name, so that numbers of classes need not be the same elsewhere. */
export function exportState({
  settings,
  names,
  evidence,
  nowMs,
  pending,
  inflight,
  windows,
}: Exportable): ClassifierState {
  const groups = names.entries().slice(0, MAX_GROUPS);
  const groupName = (group: number): string => groups[group]?.[0] ?? OTHER_CLASS;
  const { learnt } = evidence;
  return {
    tidewatchState: STATE_VERSION,
    config: {
      model: settings.model,
      version: settings.version ?? '',
      task: settings.task,
      classes: settings.classes,
      positiveClass: settings.positiveClass ?? '',
      windows: [...new Set(settings.windows)],
      undefinedScore: settings.undefinedScore,
      topK: settings.topK,
      topKTies: settings.topKTies,
      curveBins: evidence.plan.bins,
      segments: settings.segments.map(({ name }) => name),
      reference: settings.drift.reference,
    },
    asOfMs: Math.floor(nowMs),
    windows: windows.map((window) => windowState(window, names, groupName, evidence)),
    now: [[pending, inflight]],
    learnt:
      learnt === undefined
        ? []
        : cellRows(groupName, (cell) => [learnt.labels.totals[cell] ?? 0, learnt.labels.hits[cell] ?? 0]),
    learntConfusion: learnt === undefined ? [] : confusionRows(groupName, learnt.labels.confusion),
    grades: learnt === undefined ? [] : [[learnt.coverage.blocks, learnt.coverage.hits]],
    driftReference: confidenceRows(groupName, evidence.reference),
    detectors: mergeTables(
      [
        evidence
          .detectors(nowMs)
          .map(({ detector, alarms, n, detected }) => [detector, alarms, n, Number(detected)]),
      ],
      1,
    ),
  };
}

type Naming = (group: number) => string;

function windowState(
  { windowMs, watchedMs, counts, evidence: slice }: WindowCounts,
  names: ClassNames,
  groupName: Naming,
  evidence: Evidence,
): WindowState {
  const { scores, confidences, segments, sets } = slice;
  return {
    windowMs,
    watchedMs,
    events: [[counts.predictions, counts.labelled, counts.correct, counts.errors]],
    classes: mergeTables(
      [classTallies(counts, names).map((row) => [row.class, row.truePositives, row.predicted, row.support])],
      1,
    ),
    confusion: mergeTables(
      [
        names
          .cellNames(counts.confusion.entries())
          .map(({ actual, predicted, count }) => [actual, predicted, count]),
      ],
      2,
    ),
    durations: mergeTables([[...counts.durations.entries()]], 1),
    labelDelays: mergeTables([[...counts.labelDelays.entries()]], 1),
    calibration: counts.calibration
      .bins()
      .map(({ from, to, n, confidence, accuracy }) => [
        Math.round(from / (to - from)),
        n,
        Math.round(accuracy * n),
        Math.round(confidence * n * 1e6),
      ]),
    confidences: confidences === undefined ? [] : confidenceRows(groupName, confidences),
    curves: scores === undefined ? [] : curveRows(scores.positives, scores.negatives, evidence.plan.bins),
    segments: segments === undefined ? [] : evidence.book.rows(segments),
    sets: sets === undefined ? [] : sets.toJSON(),
    scores: {
      n: scores?.n ?? 0,
      logLoss: (scores?.logLoss ?? new MeanSum()).toJSON(),
      brier: (scores?.brier ?? new MeanSum()).toJSON(),
      topK: evidence.plan.topK.map((_, place) => scores?.topK[place]?.toJSON() ?? [0, 0]),
    },
  };
}

function confidenceRows(groupName: Naming, { cells }: ConfidenceCounts): CountTable {
  return cellRows(groupName, (cell) => [cells[cell] ?? 0]);
}

/** Rows of group and bin; those whose first count is 0 are left out. */
function cellRows(groupName: Naming, counts: (cell: number) => readonly number[]): CountTable {
  const rows: CountRow[] = [];
  for (let cell = 0; cell < (MAX_GROUPS + 1) * ROW; cell += 1) {
    const [first = 0, ...rest] = counts(cell);
    if (first > 0) rows.push([groupName(Math.floor(cell / ROW)), cell % ROW, first, ...rest]);
  }
  return mergeTables([rows], 2);
}

function confusionRows(groupName: Naming, confusion: Uint32Array): CountTable {
  const width = MAX_GROUPS + 1;
  const rows: CountRow[] = [];
  confusion.forEach((count, cell) => {
    if (count > 0) rows.push([groupName(Math.floor(cell / width)), groupName(cell % width), count]);
  });
  return mergeTables([rows], 2);
}

function curveRows(positives: Uint32Array, negatives: Uint32Array, bins: number): CountTable {
  const rows: CountRow[] = [];
  positives.forEach((positive, cell) => {
    const negative = negatives[cell] ?? 0;
    if (positive + negative > 0) rows.push([Math.floor(cell / bins), cell % bins, positive, negative]);
  });
  return rows;
}
