import type { SelectedSeries } from '../engine/sample-source.ts';
import type { LabelSet } from '../labels/label-set.ts';
import type { Axis, TimeChunk } from './axis.ts';
import { ABSENT, STALE, type ChunkColumn, type GrowingColumn, type StoredSeries } from './stored-series.ts';

/** The part of an axis within a time range: found once, used by all of its series. */
export interface AxisSlice {
  readonly times: Float64Array;
  readonly parts: readonly { readonly chunk: TimeChunk; readonly from: number; readonly to: number }[];
}

/** The collects with `fromMs < time <= toMs`. */
export function sliceAxis(axis: Axis, fromMs: number, toMs: number): AxisSlice {
  const parts: { chunk: TimeChunk; from: number; to: number }[] = [];
  for (const chunk of axis.chunks) {
    const { times, length } = chunk;
    if ((times[length - 1] as number) <= fromMs || (times[0] as number) > toMs) continue;
    const [from, to] = [firstAfter(chunk, fromMs), firstAfter(chunk, toMs)];
    if (from < to) parts.push({ chunk, from, to });
  }
  const times = new Float64Array(parts.reduce((total, { from, to }) => total + to - from, 0));
  let at = 0;
  for (const { chunk, from, to } of parts) {
    times.set(chunk.times.subarray(from, to), at);
    at += to - from;
  }
  return { times, parts };
}

/** Index of the first time after `timeMs`. */
export function firstAfter({ times, length }: Pick<TimeChunk, 'times' | 'length'>, timeMs: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) > timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What a series holds at each time of a slice, or `undefined` when it has nothing there. */
export function readColumn(series: StoredSeries, { times, parts }: AxisSlice): ChunkColumn | undefined {
  const values = new Float64Array(times.length);
  const flags = new Uint8Array(times.length);
  let at = 0;
  let isEmpty = true;
  for (const { chunk, from, to } of parts) {
    const column = series.column(chunk.sequence);
    if (column !== undefined) {
      values.set(column.values.subarray(from, to), at);
      flags.set(column.flags.subarray(from, to), at);
      isEmpty = false;
    }
    at += to - from;
  }
  return isEmpty ? undefined : { values, flags };
}

/** What a series held at the moment of a query, to be read later: the head may evict it meanwhile. */
export interface HeldSeries {
  readonly labels: LabelSet;
  readonly slice: AxisSlice;
  /** One for each part of the slice, at least one of them there. */
  readonly columns: readonly (Readonly<GrowingColumn> | undefined)[];
}

export function hold(series: StoredSeries, slice: AxisSlice): HeldSeries | undefined {
  const columns = slice.parts.map(({ chunk }) => series.column(chunk.sequence));
  return columns.every((column) => column === undefined)
    ? undefined
    : { labels: series.labels, slice, columns };
}

/** The samples of a series, or `undefined` when it has none in its slice. */
export function readHeld({ labels, slice, columns }: HeldSeries): SelectedSeries | undefined {
  const { times, parts } = slice;
  const isGapless = parts.every(({ to }, at) => to <= (columns[at]?.gapless ?? 0));
  const [only] = columns;
  if (isGapless && parts.length === 1 && only !== undefined) {
    // Slots once written never change: the query may look at them where they are.
    const { from, to } = parts[0] as AxisSlice['parts'][number];
    return { labels, times, values: only.values.subarray(from, to) };
  }
  const values = new Float64Array(times.length);
  const flags = new Uint8Array(isGapless ? 0 : times.length);
  let next = 0;
  for (const [at, { from, to }] of parts.entries()) {
    const column = columns[at];
    if (column !== undefined) {
      values.set(column.values.subarray(from, to), next);
      if (!isGapless) flags.set(column.flags.subarray(from, to), next);
    }
    next += to - from;
  }
  return isGapless ? { labels, times, values } : presentSamples(labels, times, { values, flags });
}

/** The samples and stale marks of a column, or `undefined` when it has none. */
export function presentSamples(
  labels: LabelSet,
  times: Float64Array,
  { values, flags }: ChunkColumn,
): SelectedSeries | undefined {
  const isGapless = !flags.includes(ABSENT);
  const stale = flags.includes(STALE);
  // The usual case shares the times of the axis.
  if (isGapless && !stale) return times.length === 0 ? undefined : { labels, times, values };
  let count = 0;
  for (const flag of flags) if (flag !== ABSENT) count += 1;
  if (count === 0) return undefined;
  const samples = { labels, times: new Float64Array(count), values: new Float64Array(count) };
  const marks = new Uint8Array(stale ? count : 0);
  let next = 0;
  for (let at = 0; at < flags.length; at++) {
    if (flags[at] === ABSENT) continue;
    samples.times[next] = times[at] as number;
    samples.values[next] = values[at] as number;
    if (flags[at] === STALE) marks[next] = 1;
    next += 1;
  }
  return stale ? { ...samples, stale: marks } : samples;
}
