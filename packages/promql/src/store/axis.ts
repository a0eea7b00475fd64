import { CollectOrder } from './collect-order.ts';
import { ColumnSlab } from './column-slab.ts';
import type { StoredSeries } from './stored-series.ts';

/** Collects of one chunk: half an hour at one every 15 s. */
export const CHUNK_SLOTS = 120;

/** The times of up to {@link CHUNK_SLOTS} collects. */
export interface TimeChunk {
  /** Counts up by one from chunk to chunk, eviction or not. */
  readonly sequence: number;
  readonly times: Float64Array;
  /** How many of the slots are used. */
  length: number;
  /** Where the columns over these times are. */
  readonly columns: ColumnSlab;
}

/** Where one collect stands. */
export interface Slot {
  readonly chunk: TimeChunk;
  readonly at: number;
}

/** The times at which one source was collected, shared by all its series. */
export class Axis {
  /** Oldest first; never empty after the first collect. */
  readonly chunks: TimeChunk[] = [];
  /** Collects so far; the present one while it lasts. */
  collects = 0;
  lastMs: number = -Infinity;
  readonly order: CollectOrder = new CollectOrder();
  /** Collects up to this time have been dropped from memory. */
  evictedMs: number = -Infinity;
  /** Collects after this time are kept whatever their age: no segment has them yet. */
  sealedMs: number = Infinity;
  readonly #members = new Set<StoredSeries>();
  readonly #live = new Set<StoredSeries>();

  /** Opens the slot of a new collect. `timeMs` is after {@link Axis.lastMs}. */
  begin(timeMs: number): Slot {
    let chunk = this.chunks.at(-1);
    if (chunk === undefined || chunk.length === CHUNK_SLOTS) {
      const sequence = (chunk?.sequence ?? -1) + 1;
      const times = new Float64Array(CHUNK_SLOTS);
      chunk = { sequence, times, length: 0, columns: new ColumnSlab(CHUNK_SLOTS) };
      this.chunks.push(chunk);
    }
    const at = chunk.length;
    chunk.times[at] = timeMs;
    chunk.length += 1;
    this.collects += 1;
    this.lastMs = timeMs;
    this.order.begin();
    return { chunk, at };
  }

  /** Whether any series would get a stale mark if the next collect were empty. */
  get isLive(): boolean {
    return this.#live.size > 0;
  }

  /** Notes that the series began, or came back. */
  join(series: StoredSeries): void {
    this.#members.add(series);
    this.#live.add(series);
  }

  /** Puts a stale mark on a series that ended before anything in memory. */
  end(series: StoredSeries, slot: Slot): void {
    this.#members.add(series);
    this.#live.delete(series);
    series.markStale(slot);
  }

  /** Puts a stale mark on every series that the last collect had and this one has not, and answers them. */
  endMissing(slot: Slot): readonly StoredSeries[] {
    const ended: StoredSeries[] = [];
    for (const series of this.#live) {
      if (series.lastCollect === this.collects) continue;
      series.markStale(slot);
      this.#live.delete(series);
      ended.push(series);
    }
    return ended;
  }

  /** Drops chunks that ended at or before the time, and answers the series that have no sample left. */
  evict(beforeMs: number): readonly StoredSeries[] {
    const untilMs = Math.min(beforeMs, this.sealedMs);
    const kept = this.chunks.findIndex((chunk) => (chunk.times[chunk.length - 1] as number) > untilMs);
    const dropped = kept < 0 ? [] : this.chunks.splice(0, kept);
    const last = dropped.at(-1);
    if (last === undefined) return [];
    this.evictedMs = last.times[last.length - 1] as number;
    const ended: StoredSeries[] = [];
    for (const series of this.#members) {
      if (series.forget(last.sequence)) continue;
      this.#members.delete(series);
      ended.push(series);
    }
    return ended;
  }

  /** Drops everything, and answers the series that were left. */
  clear(): readonly StoredSeries[] {
    const ended = [...this.#members];
    this.#members.clear();
    this.#live.clear();
    this.chunks.length = 0;
    return ended;
  }
}
