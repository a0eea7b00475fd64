/** A property of predictions by which they are counted apart, such as the country. */
export interface SegmentOption {
  /** Value of the label `segment`; 1 to 256 characters. */
  readonly name: string;
  /** Values told apart, in order of appearance; more are counted as `_OTHER`. @defaultValue 20 */
  readonly maxValues?: number;
}

/** The value under which all are counted for whom there is no place. */
const OTHER_VALUE = '_OTHER';

/** Gives every value of one segment a small number, and stops at a cap. */
export class SegmentValues {
  readonly name: string;
  /** Number of the last place: `_OTHER`. */
  readonly other: number;
  readonly #numbers = new Map<string, number>();
  #overflowed = 0;

  constructor({ name, maxValues = 20 }: SegmentOption) {
    this.name = name;
    this.other = maxValues;
  }

  numberOf(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    if (value === OTHER_VALUE || this.#numbers.size >= this.other) {
      this.#overflowed += 1;
      return this.other;
    }
    const number = this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }

  /** Predictions counted as `_OTHER`. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** Values with their numbers; `_OTHER` last, once something was counted there. */
  entries(): [value: string, number: number][] {
    const all = [...this.#numbers];
    return this.#overflowed === 0 ? all : [...all, [OTHER_VALUE, this.other]];
  }
}
