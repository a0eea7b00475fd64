import { addInto } from '../scores/score-counts.ts';
import { CONFIDENCE_BINS } from './confidence-bin.ts';

/** Classes that are calibrated on their own; predictions of later ones are one group together. */
export const MAX_GROUPS = 32;

/** Cells of a row: the bins, and one for predictions that did not say how sure they were. */
export const ROW: number = CONFIDENCE_BINS + 1;

/** Predictions, labelled or not, by the class they said and how sure they were. */
export class ConfidenceCounts {
  /** Rows of classes 0 to 31 and of all others, `ROW` cells each. */
  readonly cells: Uint32Array = new Uint32Array((MAX_GROUPS + 1) * ROW);

  /** @param bin - As `confidenceBin` says; `CONFIDENCE_BINS` for a prediction that did not say. */
  add(classNumber: number, bin: number): void {
    const cell = groupOf(classNumber) * ROW + bin;
    this.cells[cell] = (this.cells[cell] ?? 0) + 1;
  }

  merge(other: ConfidenceCounts): void {
    addInto(this.cells, other.cells);
  }

  clear(): void {
    this.cells.fill(0);
  }

  /** Predictions by group. */
  predicted(): number[] {
    return Array.from({ length: MAX_GROUPS + 1 }, (_, group) =>
      this.cells.subarray(group * ROW, (group + 1) * ROW).reduce((sum, count) => sum + count, 0),
    );
  }

  /** Predictions by confidence, whatever they said. */
  confidences(): number[] {
    return Array.from({ length: CONFIDENCE_BINS }, (_, bin) => {
      let sum = 0;
      for (let group = 0; group <= MAX_GROUPS; group += 1) sum += this.cells[group * ROW + bin] ?? 0;
      return sum;
    });
  }
}

export function groupOf(classNumber: number): number {
  return classNumber < MAX_GROUPS ? classNumber : MAX_GROUPS;
}
