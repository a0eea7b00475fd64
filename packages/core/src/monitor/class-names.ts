import { ownCopy } from '../labels/own-copy.ts';
import type { Tally } from '../quality/tally.ts';

/** Where every class past the cap is counted. */
export const OTHER_CLASS = '_OTHER';

/** Cells of the confusion matrix that are told apart, besides that of `_OTHER`. */
export const MAX_CELLS = 2_500;

const FIRST_CLASSES = 64;

/**
 * Gives every class a small number, and every cell of the confusion matrix that occurs, in order of appearance; both
 * stop at a cap.
 *
 * Past the cap a class shares the number of `_OTHER`, and a cell that of the cell of `_OTHER`: its events are counted,
 * its name is not kept.
 */
export class ClassNames {
  /** The number of `_OTHER`, above all others. */
  readonly other: number;
  readonly #numbers = new Map<string, number>();
  /** By true class × width + predicted class. */
  readonly #cellNumbers = new Map<number, number>();
  /** The same for pairs of the first classes, found without a look-up: the number above 0, or 0 for a new cell. */
  readonly #firstCells = new Uint16Array(FIRST_CLASSES * FIRST_CLASSES);
  /** By number of the cell. */
  readonly #cells: { readonly actual: number; readonly predicted: number }[] = [];
  #overflowed = 0;
  #overflowedCells = 0;

  /** @param declared - Classes that exist from the start, whether seen or not; at most `maxClasses`. */
  constructor(declared: readonly string[], maxClasses: number) {
    this.other = maxClasses;
    for (const name of declared) this.#numbers.set(name, this.#numbers.size);
  }

  /** The number of a class; a new class gets the next one, or that of `_OTHER`. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.#numbers.size >= this.other || name === OTHER_CLASS) {
      this.#overflowed += 1;
      return this.other;
    }
    const number = this.#numbers.size;
    this.#numbers.set(ownCopy(name), number);
    return number;
  }

  /** Classes with their numbers, declared ones first; `_OTHER` last, once something was counted there. */
  entries(): [name: string, number: number][] {
    const all = [...this.#numbers];
    if (this.#overflowed > 0) all.push([OTHER_CLASS, this.other]);
    return all;
  }

  /** How often a class was counted as `_OTHER`. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** The number of a confusion cell, from 0 to {@link MAX_CELLS}: a new cell gets the next one, or that of `_OTHER`. */
  cell(actual: number, predicted: number): number {
    const isFirst = actual < FIRST_CLASSES && predicted < FIRST_CLASSES;
    const first = isFirst ? (this.#firstCells[actual * FIRST_CLASSES + predicted] ?? 0) : 0;
    if (first > 0) return first - 1;
    return this.#cellNumbers.get(actual * (this.other + 1) + predicted) ?? this.#newCell(actual, predicted);
  }

  /** How often a cell was counted as that of `_OTHER`. */
  get overflowedCells(): number {
    return this.#overflowedCells;
  }

  /** Every cell that has a number, with its count. */
  *allCells(counts: Pick<Tally, 'get'>): Generator<ConfusionCell> {
    const names = this.#namesByNumber();
    for (const [cell, { actual, predicted }] of this.#cells.entries()) {
      yield { actual: names(actual), predicted: names(predicted), count: counts.get(cell) };
    }
  }

  /** The names of confusion cells. O(classes), so look up many at once with one call. */
  cellNames(cells: Iterable<[cell: number, count: number]>): ConfusionCell[] {
    const names = this.#namesByNumber();
    return Array.from(cells, ([cell, count]) => {
      const { actual = this.other, predicted = this.other } = this.#cells[cell] ?? {};
      return { actual: names(actual), predicted: names(predicted), count };
    });
  }

  #namesByNumber(): (number: number) => string {
    const names = [...this.#numbers.keys()];
    return (number) => names[number] ?? OTHER_CLASS;
  }

  #newCell(actual: number, predicted: number): number {
    const isOther = actual === this.other && predicted === this.other;
    if (!isOther && this.#cells.length >= MAX_CELLS) {
      this.#overflowedCells += 1;
      return this.cell(this.other, this.other);
    }
    this.#cellNumbers.set(actual * (this.other + 1) + predicted, this.#cells.length);
    const number = this.#cells.push({ actual, predicted });
    const isFirst = actual < FIRST_CLASSES && predicted < FIRST_CLASSES;
    if (isFirst) this.#firstCells[actual * FIRST_CLASSES + predicted] = number;
    return number - 1;
  }
}

/** One cell of a confusion matrix. */
export interface ConfusionCell {
  readonly actual: string;
  readonly predicted: string;
  /** Labelled predictions. */
  readonly count: number;
}
