import type { ChunkColumn } from '../stored-series.ts';

/** A day of 1,000 series: dashboards ask for the same again every few seconds, and decoding costs 0.1 µs a sample. */
const MAX_BYTES = 64 * 2 ** 20;
/** Of the arrays and the entry themselves. */
const ENTRY_BYTES = 250;
const SLOT_BYTES = 9;
/** Above the number of series in a segment. */
const PLACES = 2 ** 26;

/** Decoded columns of segments, the least recently used forgotten first. */
export class ColumnCache {
  readonly #columns = new Map<number, ChunkColumn>();
  #bytes = 0;

  get(sequence: number, place: number): ChunkColumn | undefined {
    const key = sequence * PLACES + place;
    const column = this.#columns.get(key);
    if (column === undefined) return undefined;
    this.#columns.delete(key);
    this.#columns.set(key, column);
    return column;
  }

  /** Whether so much would fit. A query that reads more would only push out what others ask for again. */
  static fits(columns: number, slots: number): boolean {
    return columns * ENTRY_BYTES + slots * SLOT_BYTES <= MAX_BYTES;
  }

  /** Keeps a column. Two queries at once may bring the same. */
  add(sequence: number, place: number, column: ChunkColumn): void {
    if (this.#columns.has(sequence * PLACES + place)) return;
    this.#columns.set(sequence * PLACES + place, column);
    this.#bytes += bytesOf(column);
    for (const [oldest, forgotten] of this.#columns) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#columns.delete(oldest);
      this.#bytes -= bytesOf(forgotten);
    }
  }
}

function bytesOf({ values }: ChunkColumn): number {
  return values.length * SLOT_BYTES + ENTRY_BYTES;
}
