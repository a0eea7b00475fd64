import { MAX_GROUPS, ROW, groupOf } from './confidence-counts.ts';

/** Labelled predictions that are remembered, so that an old calibration is forgotten; a multiple of a block. */
const REMEMBERED = 10_000;

const GROUPS = MAX_GROUPS + 1;

/** Labelled predictions that said how sure they were. */
export class LabelCounts {
  n = 0;
  /** By group and bin of confidence, as in {@link ConfidenceCounts}. */
  readonly totals: Uint32Array = new Uint32Array(GROUPS * ROW);
  readonly hits: Uint32Array = new Uint32Array(GROUPS * ROW);
  /** By group said and group that was true. */
  readonly confusion: Uint32Array = new Uint32Array(GROUPS * GROUPS);
}

/** Labelled predictions that are taken in together. */
export const BLOCK = 200;

/** The last 10,000 labelled predictions in order of the arrival of their labels, added up a block at a time. */
export class LabelMemory {
  readonly sum: LabelCounts = new LabelCounts();
  /** Twice the cell, and 1 more for a hit. */
  readonly #cells = new Int32Array(REMEMBERED);
  readonly #pairs = new Int32Array(REMEMBERED);
  /** Where the block at hand begins: what it replaces is still part of the sum. */
  #start = 0;
  #inBlock = 0;
  readonly #openCells = new Int32Array(BLOCK);
  readonly #openPairs = new Int32Array(BLOCK);

  /**
   * @param bin - As `confidenceBin` says.
   * @returns whether this completed the block, which is no part of the sum until {@link close}.
   */
  add(said: number, truth: number, isHit: boolean, bin: number): boolean {
    const place = this.#inBlock;
    this.#openCells[place] = 2 * (groupOf(said) * ROW + bin) + (isHit ? 1 : 0);
    this.#openPairs[place] = groupOf(said) * GROUPS + groupOf(truth);
    this.#inBlock = place + 1;
    return place + 1 === BLOCK;
  }

  /** The block at hand: twice the cell, and 1 more for a hit. */
  get open(): Int32Array {
    return this.#openCells;
  }

  /** Adds the block to the sum, and takes away what it replaces. */
  close(): void {
    const { sum } = this;
    const isFull = sum.n === REMEMBERED;
    for (let at = 0; at < BLOCK; at += 1) {
      const place = this.#start + at;
      if (isFull) this.#count(this.#cells[place] ?? 0, this.#pairs[place] ?? 0, -1);
      const packed = this.#openCells[at] ?? 0;
      const pair = this.#openPairs[at] ?? 0;
      this.#cells[place] = packed;
      this.#pairs[place] = pair;
      this.#count(packed, pair, 1);
    }
    if (!isFull) sum.n += BLOCK;
    this.#start = (this.#start + BLOCK) % REMEMBERED;
    this.#inBlock = 0;
  }

  #count(packed: number, pair: number, by: 1 | -1): void {
    const { totals, hits, confusion } = this.sum;
    const cell = packed >> 1;
    totals[cell] = (totals[cell] ?? 0) + by;
    if ((packed & 1) === 1) hits[cell] = (hits[cell] ?? 0) + by;
    confusion[pair] = (confusion[pair] ?? 0) + by;
  }
}
