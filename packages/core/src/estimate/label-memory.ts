import { addInto } from '../scores/score-counts.ts';
import { MAX_GROUPS, ROW, groupOf } from './confidence-counts.ts';
import { CONFIDENCE_BINS, confidenceBin } from './confidence-bin.ts';

/** Labelled predictions in one block: calibrations are fitted, and graded, once a block. */
export const BLOCK = 200;

/** Blocks that are remembered: 10,000 labelled predictions, so that an old calibration is forgotten. */
const BLOCKS = 50;

const GROUPS = MAX_GROUPS + 1;

/** Labelled predictions that said how sure they were. */
export class LabelBlock {
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
}

/** The last labelled predictions in order of the arrival of their labels, as one sum. Integers throughout. */
export class LabelMemory {
  /** All full blocks together: what calibrations are made from. */
  readonly sum: LabelBlock = new LabelBlock();
  readonly #blocks: LabelBlock[] = [];
  #open = new LabelBlock();

  /** @returns the block that this one completed, not yet part of the sum: look at it, then call {@link close}. */
  add(said: number, truth: number, isHit: boolean, confidence: number): LabelBlock | undefined {
    const block = this.#open;
    const cell = groupOf(said) * ROW + Math.min(confidenceBin(confidence), CONFIDENCE_BINS - 1);
    const pair = groupOf(said) * GROUPS + groupOf(truth);
    block.n += 1;
    block.totals[cell] = (block.totals[cell] ?? 0) + 1;
    if (isHit) block.hits[cell] = (block.hits[cell] ?? 0) + 1;
    block.confusion[pair] = (block.confusion[pair] ?? 0) + 1;
    return block.n >= BLOCK ? block : undefined;
  }

  /** Makes the completed block part of the sum; the oldest one is forgotten when there are more than fifty. */
  close(): void {
    const block = this.#open;
    this.#change(block, addInto, 1);
    this.#blocks.push(block);
    const oldest = this.#blocks.length > BLOCKS ? this.#blocks.shift() : undefined;
    if (oldest !== undefined) {
      this.#change(oldest, takeFrom, -1);
      oldest.clear();
    }
    this.#open = oldest ?? new LabelBlock();
  }

  #change(block: LabelBlock, change: (sum: Uint32Array, part: Uint32Array) => void, sign: number): void {
    this.sum.n += sign * block.n;
    change(this.sum.totals, block.totals);
    change(this.sum.hits, block.hits);
    change(this.sum.confusion, block.confusion);
  }
}

function takeFrom(sum: Uint32Array, part: Uint32Array): void {
  for (let cell = 0; cell < sum.length; cell += 1) sum[cell] = (sum[cell] ?? 0) - (part[cell] ?? 0);
}
