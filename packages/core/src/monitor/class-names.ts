/** Where every class past the cap is counted. */
export const OTHER_CLASS = '_OTHER';

/**
 * Gives every class a small number, in order of appearance, and stops at a cap.
 *
 * Past the cap a class shares the number of `_OTHER`: its events are counted, its name is not kept.
 */
export class ClassNames {
  /** The number of `_OTHER`, above all others. */
  readonly other: number;
  readonly #numbers = new Map<string, number>();
  #overflowed = 0;

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
    this.#numbers.set(name, number);
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

  /** A confusion cell as one number. */
  cell(actual: number, predicted: number): number {
    return actual * (this.other + 1) + predicted;
  }

  /** The names of a confusion cell. O(classes), so look up many at once with one call. */
  cellNames(cells: Iterable<[cell: number, count: number]>): ConfusionCell[] {
    const names = new Map(this.entries().map(([name, number]) => [number, name]));
    const nameOf = (number: number): string => names.get(number) ?? OTHER_CLASS;
    const width = this.other + 1;
    return Array.from(cells, ([cell, count]) => ({
      actual: nameOf(Math.floor(cell / width)),
      predicted: nameOf(cell % width),
      count,
    }));
  }
}

/** One cell of a confusion matrix. */
export interface ConfusionCell {
  readonly actual: string;
  readonly predicted: string;
  /** Labelled predictions. */
  readonly count: number;
}
