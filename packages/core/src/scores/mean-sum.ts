import { FixedSum } from './fixed-sum.ts';

/** A mean over events with its uncertainty. */
export interface Mean {
  readonly value: number;
  /** Lower end of the 95 % interval, by the normal approximation; never below 0. */
  readonly low: number;
  /** Upper end of the 95 % interval, by the normal approximation. */
  readonly high: number;
  /** Events averaged; at least 1. */
  readonly n: number;
}

const Z = 1.959963984540054;

/** Events, their sum and the sum of their squares: enough for a mean and its interval. */
export class MeanSum {
  #n: number;
  readonly #sum: FixedSum;
  readonly #squares: FixedSum;

  constructor(n = 0, sum: FixedSum = new FixedSum(), squares: FixedSum = new FixedSum()) {
    this.#n = n;
    this.#sum = sum;
    this.#squares = squares;
  }

  /** @param value - From 0 to 1,000. */
  add(value: number): void {
    this.#n += 1;
    this.#sum.add(value);
    this.#squares.add(value * value);
  }

  merge(other: MeanSum): void {
    this.#n += other.#n;
    this.#sum.merge(other.#sum);
    this.#squares.merge(other.#squares);
  }

  clear(): void {
    this.#n = 0;
    this.#sum.clear();
    this.#squares.clear();
  }

  /** Absent when nothing was added: undefined is not zero. */
  mean(): Mean | undefined {
    const n = this.#n;
    if (n === 0) return undefined;
    const value = this.#sum.value / n;
    const variance = Math.max(0, this.#squares.value / n - value * value);
    const half = Z * Math.sqrt(variance / Math.max(1, n - 1));
    return { value, low: Math.max(0, value - half), high: value + half, n };
  }

  toJSON(): MeanSumState {
    return [this.#n, this.#sum.toJSON(), this.#squares.toJSON()];
  }

  static from([n, sum, squares]: MeanSumState): MeanSum {
    return new MeanSum(n, new FixedSum(...sum), new FixedSum(...squares));
  }
}

/** Events, sum and sum of squares as {@link FixedSum} writes them. */
export type MeanSumState = readonly [
  n: number,
  sum: readonly [number, number],
  squares: readonly [number, number],
];
