import { MAX_GROUPS, ROW } from '../estimate/confidence-counts.ts';
import type { MonitorSettings } from '../monitor/monitor-options.ts';
import { MAX_SET_LENGTH } from '../multilabel/label-set.ts';
import { scorePlan } from '../scores/score-counts.ts';
import { MAX_HELD_BYTES } from './evidence.ts';

/** Objects, means and the row at hand. */
const BYTES_BESIDE_SLICE = 4_000;
/** What estimates have learnt from, the reference, detectors, names of segment values. */
const BYTES_BESIDE = 500_000;
/** An id of 256 characters as a key, and its place in a table that has just doubled. */
const BYTES_PER_HELD = 1_000;
const BYTES_PER_SEGMENT_VALUE = 1_000;

/** The part of a monitor's memory cap that scores, confidences, segments and sets can fill, in bytes. */
export function evidenceMemoryCap(settings: MonitorSettings): number {
  const { windows, sliceMs, classes, positiveClass, topK, topKTies, segments, maxPendingLabels, task } =
    settings;
  const slices = Math.ceil(Math.max(...windows) / sliceMs);
  const positive = positiveClass === undefined ? undefined : classes.indexOf(positiveClass);
  const plan = scorePlan(classes.length, positive, topK, topKTies, slices);
  const values = segments.reduce((sum, { maxValues = 20 }) => sum + maxValues + 1, 0);
  const curves = plan.curveClasses.length * plan.bins;
  const slice = 4 * ((MAX_GROUPS + 1) * ROW + 2 * curves + 3 * values) + BYTES_BESIDE_SLICE;
  const hasDetails = classes.length > 0 || segments.length > 0;
  const rows = Math.min(
    MAX_HELD_BYTES,
    (maxPendingLabels + 1_024) * 8 * (1 + classes.length + segments.length),
  );
  const held = hasDetails ? rows + maxPendingLabels * BYTES_PER_HELD : 0;
  // Three tables of ids, each with a set of two bytes a character for what was said and for what was true.
  const sets = task === 'multi-label' ? 3 * maxPendingLabels * 2 * 2 * MAX_SET_LENGTH : 0;
  return (slices + 1) * slice + held + sets + values * BYTES_PER_SEGMENT_VALUE + BYTES_BESIDE;
}
