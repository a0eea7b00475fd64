import type { Labels } from '../vocabulary/sample.ts';
import type { HistogramPoint } from './metric-family.ts';

/** OpenTelemetry's advice for server durations in seconds, with 1 ms and 2.5 ms added for small models. */
const DURATION_BOUNDARIES: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Labels come within a second in a demo and within a month in a bank. */
export const LABEL_DELAY_BOUNDARIES: readonly number[] = [
  0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 259_200, 604_800, 2_592_000,
];

/** A cumulative histogram with fixed bounds, whose counts servers may add. */
export class FixedHistogram {
  readonly #boundaries: readonly number[];
  /** The same in a typed array, from which a number is read without a copy on the heap. */
  readonly #bounds: Float64Array;
  readonly #counts: Float64Array;
  /** One place: a number that changes with every event has no other home that costs nothing. */
  readonly #sum = new Float64Array(1);
  #count = 0;

  /** @param boundaries - Upper bounds, ascending, without +Inf; a value equal to a bound is below it. */
  constructor(boundaries: readonly number[] = DURATION_BOUNDARIES) {
    this.#boundaries = boundaries;
    this.#bounds = Float64Array.from(boundaries);
    this.#counts = new Float64Array(boundaries.length + 1);
  }

  get count(): number {
    return this.#count;
  }

  /** @param value - Finite and at least 0: the caller has looked. */
  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum[0] = (this.#sum[0] ?? 0) + value;
    this.#count += 1;
  }

  point(labels: Labels): HistogramPoint {
    return { labels, boundaries: this.#boundaries, counts: Array.from(this.#counts), sum: this.#sum[0] ?? 0 };
  }
}
