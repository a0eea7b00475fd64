import { CONFIDENCE_BINS } from './confidence-bin.ts';
import { MAX_GROUPS, ROW } from './confidence-counts.ts';
import { isotonicFit } from './isotonic.ts';
import type { LabelBlock } from './label-memory.ts';

const GROUPS = MAX_GROUPS + 1;
const POOLED = GROUPS;

/** Labelled predictions below which a class has no calibration of its own and uses that of all classes. */
const MIN_LABELLED = 30;

/** The chance of being right, by class said and confidence, as learnt from labels by isotonic regression. */
export class CalibrationMap {
  readonly #fitted = new Float64Array((GROUPS + 1) * CONFIDENCE_BINS);
  readonly #weights = new Float64Array((GROUPS + 1) * CONFIDENCE_BINS);
  readonly #hasOwn = new Uint8Array(GROUPS);
  readonly #hits = new Uint32Array(CONFIDENCE_BINS);
  readonly #totals = new Uint32Array(CONFIDENCE_BINS);
  #isFitted = false;

  /** Whether anything was learnt. */
  get isFitted(): boolean {
    return this.#isFitted;
  }

  fit({ hits, totals }: Pick<LabelBlock, 'hits' | 'totals'>): void {
    this.#hits.fill(0);
    this.#totals.fill(0);
    for (let group = 0; group < GROUPS; group += 1) {
      const row = totals.subarray(group * ROW, group * ROW + CONFIDENCE_BINS);
      let labelled = 0;
      for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) {
        const count = row[bin] ?? 0;
        labelled += count;
        this.#totals[bin] = (this.#totals[bin] ?? 0) + count;
        this.#hits[bin] = (this.#hits[bin] ?? 0) + (hits[group * ROW + bin] ?? 0);
      }
      const hasOwn = labelled >= MIN_LABELLED;
      this.#hasOwn[group] = hasOwn ? 1 : 0;
      if (hasOwn) this.#fitRow(group, hits.subarray(group * ROW), row);
    }
    this.#isFitted = this.#fitRow(POOLED, this.#hits, this.#totals);
  }

  /**
   * Right predictions expected among these, by group, and the variance of their sum.
   *
   * The variance is that of a sum of independent coins (Poisson-binomial), plus that of the calibration itself: each
   * pooled block of the isotonic fit is a share of its own labelled predictions.
   *
   * @param cells - As in `ConfidenceCounts`; predictions without a confidence are left out.
   */
  expect(cells: ArrayLike<number>): ExpectedHits {
    const predicted: number[] = [];
    const hits: number[] = [];
    const shared = new Float64Array(CONFIDENCE_BINS);
    let variance = 0;
    for (let group = 0; group < GROUPS; group += 1) {
      const map = this.#hasOwn[group] === 1 ? group : POOLED;
      const row = Float64Array.from({ length: CONFIDENCE_BINS }, (_, bin) => cells[group * ROW + bin] ?? 0);
      let n = 0;
      let right = 0;
      row.forEach((count, bin) => {
        const share = this.#fitted[map * CONFIDENCE_BINS + bin] ?? 0;
        n += count;
        right += count * share;
        variance += count * share * (1 - share);
        if (map === POOLED) shared[bin] = (shared[bin] ?? 0) + count;
      });
      if (map !== POOLED) variance += this.#fitVariance(map, row);
      predicted.push(n);
      hits.push(right);
    }
    variance += this.#fitVariance(POOLED, shared);
    return { predicted, hits, variance };
  }

  #fitRow(map: number, hits: Uint32Array, totals: Uint32Array): boolean {
    const [from, to] = [map * CONFIDENCE_BINS, (map + 1) * CONFIDENCE_BINS];
    return isotonicFit(hits, totals, this.#fitted.subarray(from, to), this.#weights.subarray(from, to));
  }

  #fitVariance(map: number, counts: Float64Array): number {
    let variance = 0;
    let inBlock = 0;
    for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) {
      const at = map * CONFIDENCE_BINS + bin;
      const share = this.#fitted[at] ?? 0;
      const weight = this.#weights[at] ?? 0;
      inBlock += counts[bin] ?? 0;
      if (bin + 1 < CONFIDENCE_BINS && this.#fitted[at + 1] === share) continue;
      // Half an event on either side: a block without an error so far is not certain.
      const smoothed = (share * weight + 0.5) / (weight + 1);
      variance += (inBlock * inBlock * smoothed * (1 - smoothed)) / (weight + 1);
      inBlock = 0;
    }
    return variance;
  }
}

/** Expectations by group, and the variance of the sum of all hits. */
export interface ExpectedHits {
  readonly predicted: readonly number[];
  readonly hits: readonly number[];
  readonly variance: number;
}
