import type { SelectedSeries } from '../engine/sample-source.ts';

/**
 * Joins parts of the same series, in the order given. A part's samples that are not after all before it are left
 * out: times stay strictly ascending.
 */
export function joinSeries(parts: readonly SelectedSeries[]): readonly SelectedSeries[] {
  const bySeries = new Map<string, SelectedSeries[]>();
  for (const part of parts) {
    const before = bySeries.get(part.labels.key);
    if (before === undefined) bySeries.set(part.labels.key, [part]);
    else before.push(part);
  }
  return [...bySeries.values()].map(joinParts);
}

function joinParts(parts: readonly SelectedSeries[]): SelectedSeries {
  const [first] = parts as readonly [SelectedSeries];
  if (parts.length === 1) return first;
  const kept: SelectedSeries[] = [];
  let lastMs = -Infinity;
  for (const part of parts) {
    const after = afterTime(part, lastMs);
    if (after.times.length === 0) continue;
    kept.push(after);
    lastMs = after.times.at(-1) as number;
  }
  const length = kept.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(length);
  const values = new Float64Array(length);
  const stale = kept.some((part) => part.stale !== undefined) ? new Uint8Array(length) : undefined;
  let at = 0;
  for (const part of kept) {
    times.set(part.times, at);
    values.set(part.values, at);
    if (part.stale !== undefined) stale?.set(part.stale, at);
    at += part.times.length;
  }
  return { labels: first.labels, times, values, ...(stale === undefined ? {} : { stale }) };
}

function afterTime(part: SelectedSeries, lastMs: number): SelectedSeries {
  const from = part.times.findIndex((time) => time > lastMs);
  if (from === 0) return part;
  const start = from < 0 ? part.times.length : from;
  const { labels, times, values, stale } = part;
  return {
    labels,
    times: times.subarray(start),
    values: values.subarray(start),
    ...(stale === undefined ? {} : { stale: stale.subarray(start) }),
  };
}
