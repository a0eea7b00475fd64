import type { SelectedSeries } from '../engine/sample-source.ts';

/**
 * Joins parts of one series after another, each given in the order of their times. A part's samples that are not
 * after all before it are left out: times stay strictly ascending.
 *
 * Neighbours mostly share the times of their axis: then they share the joined times too, which is half of the copying.
 */
export class SeriesJoin {
  #partTimes: readonly Float64Array[] = [];
  #times = new Float64Array();

  /** @param parts - At least one. */
  join(parts: readonly SelectedSeries[]): SelectedSeries {
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
    const times = this.#joinedTimes(kept.map((part) => part.times));
    const values = new Float64Array(times.length);
    const stale = kept.some((part) => part.stale !== undefined) ? new Uint8Array(times.length) : undefined;
    let at = 0;
    for (const part of kept) {
      values.set(part.values, at);
      if (part.stale !== undefined) stale?.set(part.stale, at);
      at += part.times.length;
    }
    return { labels: first.labels, times, values, ...(stale === undefined ? {} : { stale }) };
  }

  #joinedTimes(parts: readonly Float64Array[]): Float64Array {
    const isShared =
      parts.length === this.#partTimes.length && parts.every((part, at) => part === this.#partTimes[at]);
    if (!isShared) {
      this.#times = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        this.#times.set(part, at);
        at += part.length;
      }
      this.#partTimes = parts;
    }
    return this.#times;
  }
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
