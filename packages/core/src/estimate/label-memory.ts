import { MAX_GROUPS, ROW, groupOf } from './confidence-counts.ts';

const GROUPS = MAX_GROUPS + 1;

/** Labelled predictions that said how sure they were. */
export class LabelCounts {
  n = 0;
  /** By group and bin of confidence, as in {@link ConfidenceCounts}. */
  readonly totals: Uint32Array = new Uint32Array(GROUPS * ROW);
  readonly hits: Uint32Array = new Uint32Array(GROUPS * ROW);
  /** By group said and group that was true. */
  readonly confusion: Uint32Array = new Uint32Array(GROUPS * GROUPS);

  clear(): void {
    this.n = 0;
    this.totals.fill(0);
    this.hits.fill(0);
    this.confusion.fill(0);
  }

  /** Counts what {@link LabelMemory} remembers of a block, or takes it away again. */
  count(block: Int32Array, by: 1 | -1): void {
    const { totals, hits, confusion } = this;
    for (let at = 0; at < block.length; at += 1) {
      const packed = block[at] ?? 0;
      const cell = cellOf(packed);
      const pair = packed >> PAIR_SHIFT;
      totals[cell] = (totals[cell] ?? 0) + by;
      hits[cell] = (hits[cell] ?? 0) + by * (packed & 1);
      confusion[pair] = (confusion[pair] ?? 0) + by;
    }
    this.n += by * block.length;
  }
}

/** Labelled predictions that are taken in together. */
export const BLOCK = 200;

/** A hit is one bit, a cell twelve. */
const CELL_BITS = 12;
const PAIR_SHIFT = 1 + CELL_BITS;

/** The cell of what {@link LabelMemory} remembers; its lowest bit is 1 for a hit. */
export function cellOf(packed: number): number {
  return (packed >> 1) & ((1 << CELL_BITS) - 1);
}

/** The last blocks of labelled predictions in order of the arrival of their labels: 32 bits for each. */
export class LabelMemory {
  readonly #kept: number;
  /** One block more than is kept: the one at hand. */
  readonly #packed: Int32Array;
  #place = 0;
  #inBlock = 0;
  #blocks = 0;

  /** @param kept - Whole blocks that are remembered. */
  constructor(kept: number) {
    this.#kept = kept;
    this.#packed = new Int32Array((kept + 1) * BLOCK);
  }

  /** Blocks that are complete, since the start. */
  get blocks(): number {
    return this.#blocks;
  }

  /** @param bin - As `confidenceBin` says. */
  add(said: number, truth: number, isHit: boolean, bin: number): void {
    const group = groupOf(said);
    const cell = group * ROW + bin;
    const pair = group * GROUPS + groupOf(truth);
    this.#packed[this.#place] = (pair << PAIR_SHIFT) | (cell << 1) | (isHit ? 1 : 0);
    this.#place += 1;
    this.#inBlock += 1;
    if (this.#inBlock === BLOCK) this.#turnPage();
  }

  /** @param number - Counted from 0 since the start; one of those that are kept. Not to be changed. */
  block(number: number): Int32Array {
    const start = (number % (this.#kept + 1)) * BLOCK;
    return this.#packed.subarray(start, start + BLOCK);
  }

  #turnPage(): void {
    this.#inBlock = 0;
    this.#blocks += 1;
    if (this.#place === this.#packed.length) this.#place = 0;
  }
}
