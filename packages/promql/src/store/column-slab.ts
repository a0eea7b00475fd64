import type { GrowingColumn } from './stored-series.ts';

const MAX_COLUMNS = 256;

/**
 * Memory for the columns of one chunk, cut from larger pieces: the collect that begins a chunk needs a column for every
 * series at once, and a piece of memory for each would take several times as long as the collect itself.
 */
export class ColumnSlab {
  readonly #slots: number;
  #columns = 0;
  #next = 0;
  #values = new Float64Array();
  #flags = new Uint8Array();

  /** @param slots - Of each column. */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** An empty column. */
  cut(): GrowingColumn {
    if (this.#next === this.#columns) this.#grow();
    const from = this.#next * this.#slots;
    this.#next += 1;
    const to = from + this.#slots;
    return { values: this.#values.subarray(from, to), flags: this.#flags.subarray(from, to), gapless: 0 };
  }

  /** Each piece is twice the one before: a source of one series wastes nothing. */
  #grow(): void {
    this.#columns = Math.min(MAX_COLUMNS, Math.max(1, this.#columns * 2));
    this.#next = 0;
    this.#values = new Float64Array(this.#columns * this.#slots);
    this.#flags = new Uint8Array(this.#columns * this.#slots);
  }
}
