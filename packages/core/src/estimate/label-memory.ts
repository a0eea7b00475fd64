import { MAX_GROUPS, ROW, groupOf } from './confidence-counts.ts';

/** Labelled predictions that are remembered, so that an old calibration is forgotten. */
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

/** The last 10,000 labelled predictions in order of the arrival of their labels, added up. O(1) each. */
export class LabelMemory {
  readonly sum: LabelCounts = new LabelCounts();
  /** As {@link recent} says. */
  readonly #cells = new Int32Array(REMEMBERED);
  readonly #pairs = new Int32Array(REMEMBERED);
  #next = 0;

  /** @param bin - As `confidenceBin` says. */
  add(said: number, truth: number, isHit: boolean, bin: number): void {
    const { sum } = this;
    const cell = groupOf(said) * ROW + bin;
    const pair = groupOf(said) * GROUPS + groupOf(truth);
    const place = this.#next;
    if (sum.n === REMEMBERED) this.#forget(this.#cells[place] ?? 0, this.#pairs[place] ?? 0);
    this.#cells[place] = 2 * cell + (isHit ? 1 : 0);
    this.#pairs[place] = pair;
    this.#next = place + 1 === REMEMBERED ? 0 : place + 1;
    sum.n += 1;
    sum.totals[cell] = (sum.totals[cell] ?? 0) + 1;
    if (isHit) sum.hits[cell] = (sum.hits[cell] ?? 0) + 1;
    sum.confusion[pair] = (sum.confusion[pair] ?? 0) + 1;
  }

  /** Cells of the last predictions, from the newest back: twice the cell, and 1 more for a hit. */
  recent(back: number): number {
    return this.#cells[(this.#next - 1 - back + REMEMBERED) % REMEMBERED] ?? 0;
  }

  #forget(packed: number, pair: number): void {
    const { sum } = this;
    const cell = packed >> 1;
    sum.n -= 1;
    sum.totals[cell] = (sum.totals[cell] ?? 0) - 1;
    if ((packed & 1) === 1) sum.hits[cell] = (sum.hits[cell] ?? 0) - 1;
    sum.confusion[pair] = (sum.confusion[pair] ?? 0) - 1;
  }
}
