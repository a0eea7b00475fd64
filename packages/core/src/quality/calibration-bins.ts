import { Tally } from './tally.ts';

/** Labelled predictions of one range of confidence: above `from`, up to and including `to`; the first holds 0 too. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  /** Labelled predictions; at least 1. */
  readonly n: number;
  /** Mean confidence, 0 to 1. */
  readonly confidence: number;
  /** Share that was right, 0 to 1. */
  readonly accuracy: number;
}

/** Bins of a monitor: what the literature compares with. */
export const DEFAULT_BINS = 15;

const MILLIONTHS = 1e6;

/** The bin of a confidence from 0 to 1, counted from 0. */
export function calibrationBin(confidence: number, bins: number = DEFAULT_BINS): number {
  return Math.max(0, Math.ceil(confidence * bins) - 1);
}

/** Confidence is added up in millionths: integers do not drift. */
export function millionths(confidence: number): number {
  return Math.round(confidence * MILLIONTHS);
}

/** Counts of labelled predictions by how sure they were, in bins of equal width, open below and closed above. */
export class CalibrationBins {
  readonly #count = new Tally();
  readonly #correct = new Tally();
  readonly #confidence = new Tally();

  readonly #bins: number;

  /** @param bins - How many. */
  constructor(bins: number = DEFAULT_BINS) {
    this.#bins = bins;
  }

  /** @param confidence - 0 to 1. 0 itself is in the first bin. */
  add(confidence: number, correct: boolean): void {
    this.count(calibrationBin(confidence, this.#bins), millionths(confidence), correct);
  }

  /** The same with what {@link calibrationBin} and {@link millionths} said: integers are passed on without a copy. */
  count(bin: number, sureness: number, correct: boolean): void {
    this.#count.add(bin);
    if (correct) this.#correct.add(bin);
    this.#confidence.add(bin, sureness);
  }

  /**
   * Expected calibration error, 0 to 1: the gap between mean confidence and accuracy of each bin, weighed by
   * its share of predictions. Absent when no labelled prediction said how sure it was.
   *
   * @see C. Guo et al., "On calibration of modern neural networks" (ICML 2017), eq. 3, https://arxiv.org/abs/1706.04599
   */
  expectedError(): number | undefined {
    let n = 0;
    let gap = 0;
    for (const [bin, count] of this.#count.entries()) {
      n += count;
      gap += Math.abs(this.#correct.get(bin) - this.#confidence.get(bin) / MILLIONTHS);
    }
    return n === 0 ? undefined : gap / n;
  }

  /** Bins that are not empty, from the lowest confidence up: counts that a server may add up again. */
  bins(): CalibrationBin[] {
    return [...this.#count.entries()]
      .sort(([a], [b]) => a - b)
      .map(([bin, n]) => ({
        from: bin / this.#bins,
        to: (bin + 1) / this.#bins,
        n,
        confidence: this.#confidence.get(bin) / MILLIONTHS / n,
        accuracy: this.#correct.get(bin) / n,
      }));
  }

  merge(other: CalibrationBins): void {
    this.#count.merge(other.#count);
    this.#correct.merge(other.#correct);
    this.#confidence.merge(other.#confidence);
  }

  /** Takes away what was merged before. */
  remove(other: CalibrationBins): void {
    this.#count.remove(other.#count);
    this.#correct.remove(other.#correct);
    this.#confidence.remove(other.#confidence);
  }

  clear(): void {
    this.#count.clear();
    this.#correct.clear();
    this.#confidence.clear();
  }
}
