import type { Labels } from '@tidewatch/core';
import type { LabelSet } from '../labels/label-set.ts';
import { CHUNK_SLOTS, type Axis, type Slot } from './axis.ts';

/** What a slot of a column holds. A stale mark is a flag: a NaN with a payload does not survive JavaScript. */
export const ABSENT = 0;
export const PRESENT = 1;
export const STALE = 2;

/** Values of one series over one chunk of its axis. */
export interface ChunkColumn {
  readonly values: Float64Array;
  /** {@link ABSENT}, {@link PRESENT} or {@link STALE}. */
  readonly flags: Uint8Array;
}

/** A column of the head, which grows. */
export interface GrowingColumn extends ChunkColumn {
  /** How many of the first slots all hold a value: up to there the flags need not be looked at. */
  gapless: number;
}

/** Memory of one column, without its bookkeeping. */
export const COLUMN_BYTES: number = CHUNK_SLOTS * 9;

/** One series with its columns. Belongs to one axis for life. */
export class StoredSeries {
  readonly labels: LabelSet;
  readonly axis: Axis;
  /** The collect of the axis that last had this series. */
  lastCollect = 0;
  /** Where it stood among the samples of that collect. */
  place = -1;
  readonly #givenNames: readonly string[];
  readonly #givenValues: readonly string[];
  readonly #columns = new Map<number, GrowingColumn>();
  #newest: GrowingColumn | undefined;
  #newestSequence = -1;
  #isLive = false;
  #firstMs = Infinity;
  #lastMs = -Infinity;

  /** @param given - The labels as the source wrote them, which is how it will write them again. */
  constructor(labels: LabelSet, axis: Axis, given: Labels) {
    this.labels = labels;
    this.axis = axis;
    this.#givenNames = Object.keys(given);
    this.#givenValues = Object.values(given);
  }

  /** Whether these are its labels in the order of the first time. Another order is the same series, and a `false`. */
  isGiven(labels: Labels): boolean {
    const names = this.#givenNames;
    const values = this.#givenValues;
    let at = 0;
    // Not Object.keys: an array for each sample of each collect is a third of the time of taking it.
    for (const name in labels) {
      if (name !== names[at] || labels[name] !== values[at]) return false;
      at += 1;
    }
    return at === names.length;
  }

  write(slot: Slot, value: number): void {
    this.#set(slot, value, PRESENT);
    this.lastCollect = this.axis.collects;
    if (!this.#isLive) this.axis.join(this);
    this.#isLive = true;
  }

  markStale(slot: Slot): void {
    this.#set(slot, 0, STALE);
    this.#isLive = false;
  }

  /** The column over a chunk, if the series has anything there. */
  column(sequence: number): Readonly<GrowingColumn> | undefined {
    return this.#columns.get(sequence);
  }

  get columns(): number {
    return this.#columns.size;
  }

  /** Whether it may have samples within the times, both included. */
  overlaps(fromMs: number, toMs: number): boolean {
    return this.#firstMs <= toMs && this.#lastMs >= fromMs;
  }

  /** Drops the columns up to and including a chunk. Answers whether anything is left. */
  forget(upTo: number): boolean {
    for (const sequence of this.#columns.keys()) {
      if (sequence <= upTo) this.#columns.delete(sequence);
    }
    return this.#columns.size > 0;
  }

  #set({ chunk, at }: Slot, value: number, flag: number): void {
    let column = this.#newest;
    if (column === undefined || this.#newestSequence !== chunk.sequence) {
      column = chunk.columns.cut();
      this.#columns.set(chunk.sequence, column);
      this.#newest = column;
      this.#newestSequence = chunk.sequence;
    }
    column.values[at] = value;
    column.flags[at] = flag;
    if (flag === PRESENT && column.gapless === at) column.gapless = at + 1;
    const timeMs = chunk.times[at] as number;
    if (timeMs < this.#firstMs) this.#firstMs = timeMs;
    this.#lastMs = timeMs;
  }
}
