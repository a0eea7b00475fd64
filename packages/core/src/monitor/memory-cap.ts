import { evidenceMemoryCap } from '../evidence/evidence-memory-cap.ts';
import { LOG_BUCKETS } from '../window/log-buckets.ts';
import { DEFAULT_BINS } from '../quality/calibration-bins.ts';
import { MAX_CELLS } from './class-names.ts';
import { MAX_NAME_LENGTH } from './is-name.ts';
import type { MonitorSettings } from './monitor-options.ts';

const BYTES_PER_COUNT = 8;
/** A tally may be a quarter wider than its keys, in steps of eight. */
const TALLY_SLACK = 1.25;
const TALLY_STEPS = 16;
/** Two bytes a character, a header, and what it takes to be a copy of its own. */
const BYTES_PER_NAME = 2 * MAX_NAME_LENGTH + 80;
/** A slot, its answer, an id that is kept as text, and its place in a table that has just doubled. */
const BYTES_PER_ENTRY = 400;
/** A class or a cell of the confusion matrix: its numbers, and its place in a table that has just doubled. */
const BYTES_PER_NUMBER = 200;
/** Error reasons, outcomes, histograms since the start, workers, buffers, the objects themselves. */
const BYTES_BESIDE = 4_000_000;

/**
 * The most memory a monitor can hold, in bytes, whatever is recorded: the gauge `tidewatch_core_memory_cap_bytes`.
 *
 * `(slices + 2 × windows + 1) × slice + 3 × maxPendingLabels × id + (maxClasses + 2,500) × name`, where a slice has
 * eight bytes for each class (three times), cell, latency bucket (twice) and bin (three times), and an id has itself
 * and a class of 256 characters each; and {@link evidenceMemoryCap}. Names of usual length and classes that are few take a tenth of it.
 */
export function monitorMemoryCap(settings: MonitorSettings): number {
  const { windows, sliceMs, maxClasses, maxPendingLabels } = settings;
  const slices = Math.ceil(Math.max(...windows) / sliceMs);
  const kept = slices + 2 * windows.length + 1;
  const widths = [
    maxClasses + 1,
    maxClasses + 1,
    maxClasses + 1,
    MAX_CELLS + 1,
    LOG_BUCKETS,
    LOG_BUCKETS,
    DEFAULT_BINS,
    DEFAULT_BINS,
    DEFAULT_BINS,
  ];
  const counts = widths.reduce((sum, width) => sum + TALLY_SLACK * width + TALLY_STEPS, 0);
  const ids = 3 * maxPendingLabels * (BYTES_PER_ENTRY + 2 * BYTES_PER_NAME);
  const numbers = (maxClasses + MAX_CELLS) * BYTES_PER_NUMBER + maxClasses * BYTES_PER_NAME;
  return (
    Math.ceil(kept * counts * BYTES_PER_COUNT + ids + numbers + BYTES_BESIDE) + evidenceMemoryCap(settings)
  );
}
