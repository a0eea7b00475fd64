import { featureDrift } from '../drift/feature-drift.ts';
import { CalibrationMap } from '../estimate/calibration-map.ts';
import { CONFIDENCE_BINS } from '../estimate/confidence-bin.ts';
import { ConfidenceCounts, MAX_GROUPS, ROW, groupOf } from '../estimate/confidence-counts.ts';
import { BLOCK, LabelCounts } from '../estimate/label-memory.ts';
import { estimatePerformance } from '../estimate/performance-estimator.ts';
import type { EvidenceSnapshot } from '../evidence/evidence-snapshot.ts';
import { ClassNames, OTHER_CLASS } from '../monitor/class-names.ts';
import {
  classifierSnapshot,
  snapshotIntervals,
  type ClassifierSnapshot,
} from '../monitor/classifier-snapshot.ts';
import type { CalibrationBin } from '../quality/calibration-bins.ts';
import { SetCounts } from '../multilabel/set-counts.ts';
import { wilsonInterval } from '../quality/wilson-interval.ts';
import { FixedSum } from '../scores/fixed-sum.ts';
import { MeanSum } from '../scores/mean-sum.ts';
import { ScoreCounts, scorePlan } from '../scores/score-counts.ts';
import { NO_SCORES, scoreSummary, type ScoreSummary } from '../scores/score-summary.ts';
import { ConfigError } from '../vocabulary/config-error.ts';
import { Slice } from '../window/slice.ts';
import type { ClassifierState, ScoreState, StateConfig, WindowState } from './classifier-state.ts';
import type { CountTable } from './count-table.ts';

/**
 * Scores of what one or many monitors have counted.
 *
 * @param windowMs - One of the windows of the monitors. Default: their option `windowMs`.
 * @throws {@link ConfigError} when the monitors did not keep such a window.
 */
export function stateSnapshot(state: ClassifierState, windowMs?: number): ClassifierSnapshot {
  const { config } = state;
  const window = state.windows.find((one) => windowMs === undefined || one.windowMs === windowMs);
  if (window === undefined) {
    const problem = `expected one of ${config.windows.join(', ')} milliseconds, got ${windowMs}`;
    throw new ConfigError('ClassifierMonitor.snapshot', [
      { code: 'out-of-range', path: 'windowMs', problem },
    ]);
  }
  const names = classNames(config, window);
  const [pending = 0, inflight = 0] = numbers(state.now[0]);
  const counted = classifierSnapshot(windowCounts(window, names), names, {
    model: config.model,
    version: config.version === '' ? undefined : config.version,
    positiveClass: config.positiveClass === '' ? undefined : config.positiveClass,
    task: config.task,
    windowMs: window.windowMs,
    watchedMs: window.watchedMs,
    pending,
    inflight,
    undefinedScore: config.undefinedScore,
  });
  return {
    ...counted,
    intervals: snapshotIntervals(counted, config),
    ...calibration(window.calibration),
    ...evidence(state, window, names),
  };
}

/** Declared classes first, then all others by name. */
function classNames({ classes }: StateConfig, window: WindowState): ClassNames {
  const seen = window.classes.map(([name]) => String(name)).filter((name) => name !== OTHER_CLASS);
  const all = [...new Set([...classes, ...seen])];
  return new ClassNames(all, Math.max(1, all.length));
}

function windowCounts(window: WindowState, names: ClassNames): Slice {
  const slice = new Slice();
  const [predictions = 0, labelled = 0, correct = 0, errors = 0] = numbers(window.events[0]);
  slice.predictions = predictions;
  slice.labelled = labelled;
  slice.correct = correct;
  slice.errors = errors;
  for (const [name, ...counts] of window.classes) {
    const [truePositives = 0, predicted = 0, support = 0] = numbers(counts);
    if (truePositives + predicted + support === 0) continue;
    const number = names.numberOf(String(name));
    slice.truePositives.add(number, truePositives);
    slice.predicted.add(number, predicted);
    slice.support.add(number, support);
  }
  for (const [actual, predicted, count] of window.confusion) {
    const cell = names.cell(names.numberOf(String(actual)), names.numberOf(String(predicted)));
    slice.confusion.add(cell, Number(count));
  }
  for (const [bucket, count] of window.durations) slice.durations.add(Number(bucket), Number(count));
  for (const [bucket, count] of window.labelDelays) slice.labelDelays.add(Number(bucket), Number(count));
  return slice;
}

const CALIBRATION_BINS = 15;

function calibration(table: CountTable): Pick<ClassifierSnapshot, 'ece' | 'calibration'> {
  let all = 0;
  let gap = 0;
  const bins = table.map((row): CalibrationBin => {
    const [bin = 0, n = 0, correct = 0, millionths = 0] = numbers(row);
    all += n;
    gap += Math.abs(correct - millionths / 1e6);
    const [from, to] = [bin / CALIBRATION_BINS, (bin + 1) / CALIBRATION_BINS];
    return { from, to, n, confidence: millionths / 1e6 / n, accuracy: correct / n };
  });
  return { ece: all === 0 ? undefined : gap / all, calibration: bins };
}

function evidence(state: ClassifierState, window: WindowState, names: ClassNames): EvidenceSnapshot {
  const { config } = state;
  const confidences = confidenceCounts(window.confidences, names);
  const labels = learntLabels(state, names);
  const map = new CalibrationMap();
  if (labels.n >= BLOCK) map.fit(labels);
  const [blocks = 0, hits = 0] = numbers(state.grades[0]);
  const positive = config.positiveClass === '' ? undefined : config.classes.indexOf(config.positiveClass);
  const known = names.entries().filter(([name]) => name !== OTHER_CLASS);
  const sets = new SetCounts(config.undefinedScore);
  sets.load(window.sets);
  return {
    samples: window.sets.length === 0 ? undefined : sets.averages(),
    ...scores(window, config, positive),
    estimated: estimatePerformance(map, { labels, coverage: { blocks, hits } }, confidences, positive, known),
    drift: {
      features: featureDrift(confidences, confidenceCounts(state.driftReference, names), config.reference),
      detectors: state.detectors.map(([detector, ...counts]) => {
        const [alarms = 0, n = 0, detected = 0] = numbers(counts);
        return { detector: String(detector), detected: detected > 0, alarms, n };
      }),
    },
    segments: window.segments.map(([segment, value, ...counts]) => {
      const [n = 0, labelled = 0, correct = 0] = numbers(counts);
      const accuracy = wilsonInterval(correct, labelled);
      return { segment: String(segment), value: String(value), n, labelled, accuracy };
    }),
  };
}

function scores(window: WindowState, config: StateConfig, positive: number | undefined): ScoreSummary {
  const state: ScoreState = window.scores;
  if (state.n === 0) return NO_SCORES;
  const plan = scorePlan(config.classes.length, positive, config.topK, config.topKTies, 1);
  const { curveBins: bins } = config;
  const counts = new ScoreCounts({ ...plan, bins });
  counts.n = state.n;
  counts.logLoss.merge(MeanSum.from(state.logLoss));
  counts.brier.merge(MeanSum.from(state.brier));
  counts.topK.forEach((sum, place) => sum.merge(new FixedSum(...(state.topK[place] ?? [0, 0]))));
  for (const row of window.curves) {
    const [place = 0, bin = 0, positives = 0, negatives = 0] = numbers(row);
    counts.positives[place * bins + bin] = positives;
    counts.negatives[place * bins + bin] = negatives;
  }
  return scoreSummary(counts);
}

function confidenceCounts(table: CountTable, names: ClassNames): ConfidenceCounts {
  const counts = new ConfidenceCounts();
  for (const [name, bin, count] of table) {
    const cell = groupNumber(String(name), names) * ROW + Number(bin);
    counts.cells[cell] = (counts.cells[cell] ?? 0) + Number(count);
  }
  return counts;
}

function learntLabels({ learnt, learntConfusion }: ClassifierState, names: ClassNames): LabelCounts {
  const block = new LabelCounts();
  for (const [name, bin, ...counts] of learnt) {
    const [total = 0, hits = 0] = numbers(counts);
    const cell = groupNumber(String(name), names) * ROW + Math.min(Number(bin), CONFIDENCE_BINS - 1);
    block.n += total;
    block.totals[cell] = (block.totals[cell] ?? 0) + total;
    block.hits[cell] = (block.hits[cell] ?? 0) + hits;
  }
  for (const [said, truth, count] of learntConfusion) {
    const [row, column] = [said, truth].map((name) => groupNumber(String(name), names));
    const pair = (row ?? 0) * (MAX_GROUPS + 1) + (column ?? 0);
    block.confusion[pair] = (block.confusion[pair] ?? 0) + Number(count);
  }
  return block;
}

function groupNumber(name: string, names: ClassNames): number {
  return name === OTHER_CLASS ? MAX_GROUPS : groupOf(names.numberOf(name));
}

function numbers(row: readonly (string | number)[] = []): number[] {
  return row.map(Number);
}
