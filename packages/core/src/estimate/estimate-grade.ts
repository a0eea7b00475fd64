/** Graded blocks before an estimate may be trusted, and graded blocks that are looked at. */
const FEWEST = 5;
export const GRADED = 10;

/** How often the 95 % interval of the estimate held what the labels then said. */
export interface EstimateCoverage {
  /** Blocks of 200 labelled predictions, of the last ten, whose accuracy was inside. */
  readonly hits: number;
  /** Blocks looked at, at most ten. */
  readonly blocks: number;
}

/** The school report of an estimate: what it said of a block before the labels of the block were learnt from. */
export class EstimateGrade {
  #marks: boolean[] = [];

  mark(isInside: boolean): void {
    this.#marks = [...this.#marks, isInside].slice(-GRADED);
  }

  clear(): void {
    this.#marks = [];
  }

  get coverage(): EstimateCoverage {
    return { hits: this.#marks.filter(Boolean).length, blocks: this.#marks.length };
  }
}

/**
 * Whether an estimate may be believed: at least five blocks were graded, and no more of the last ten missed than
 * 95 % intervals would in 99 of 100 cases. That is up to two of five and three of ten.
 */
export function isTrusted({ hits, blocks }: EstimateCoverage): boolean {
  return blocks >= FEWEST && blocks - hits <= allowedMisses(blocks);
}

/** The smallest count that Binomial(blocks, 5 %) stays within with a probability of 99 %. */
function allowedMisses(blocks: number): number {
  let misses = 0;
  let probability = 0.95 ** blocks;
  let total = probability;
  while (total < 0.99) {
    probability *= ((blocks - misses) * 0.05) / ((misses + 1) * 0.95);
    misses += 1;
    total += probability;
  }
  return misses;
}
