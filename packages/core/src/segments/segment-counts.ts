import { addInto } from '../scores/score-counts.ts';

/** Predictions, labels and hits of one stretch of time, by cell: a segment's value. */
export class SegmentCounts {
  readonly predictions: Uint32Array;
  readonly labelled: Uint32Array;
  readonly correct: Uint32Array;

  constructor(cells: number) {
    this.predictions = new Uint32Array(cells);
    this.labelled = new Uint32Array(cells);
    this.correct = new Uint32Array(cells);
  }

  merge(other: SegmentCounts): void {
    addInto(this.predictions, other.predictions);
    addInto(this.labelled, other.labelled);
    addInto(this.correct, other.correct);
  }

  clear(): void {
    this.predictions.fill(0);
    this.labelled.fill(0);
    this.correct.fill(0);
  }
}

/** Counts one event under a cell. */
export function countAt(counts: Uint32Array | Float64Array, cell: number): void {
  counts[cell] = (counts[cell] ?? 0) + 1;
}
