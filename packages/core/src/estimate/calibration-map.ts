import { CONFIDENCE_BINS } from './confidence-bin.ts';
import { MAX_GROUPS, ROW } from './confidence-counts.ts';
import { isotonicFit } from './isotonic.ts';
import type { LabelCounts } from './label-memory.ts';

const GROUPS = MAX_GROUPS + 1;
const POOLED = GROUPS;

/** Labelled predictions below which a class has no calibration of its own and uses that of all classes. */
const MIN_LABELLED = 30;

/** The chance of being right, by class said and confidence, as learnt from labels by isotonic regression. */
export class CalibrationMap {
  readonly #fitted = new Float64Array((GROUPS + 1) * CONFIDENCE_BINS);
  readonly #weights = new Float64Array((GROUPS + 1) * CONFIDENCE_BINS);
  readonly #rows = Array.from({ length: GROUPS + 1 }, (_, map) => {
    const range = [map * CONFIDENCE_BINS, (map + 1) * CONFIDENCE_BINS] as const;
    return { fitted: this.#fitted.subarray(...range), weights: this.#weights.subarray(...range) };
  });
  readonly #blocks = new Int32Array((GROUPS + 1) * CONFIDENCE_BINS);
  readonly #variances = new Float64Array((GROUPS + 1) * CONFIDENCE_BINS);
  readonly #mapOf = new Int32Array(GROUPS).fill(-1);
  /** By cell; 0 for cells of predictions without a confidence, which nobody asks for. */
  readonly #places = new Int32Array(GROUPS * ROW);
  readonly #hits = new Uint32Array(CONFIDENCE_BINS);
  readonly #totals = new Uint32Array(CONFIDENCE_BINS);
  #isFitted = false;

  /** Whether anything was learnt. */
  get isFitted(): boolean {
    return this.#isFitted;
  }

  fit({ hits, totals }: Pick<LabelCounts, 'hits' | 'totals'>): void {
    this.#hits.fill(0);
    this.#totals.fill(0);
    for (let group = 0; group < GROUPS; group += 1) {
      let labelled = 0;
      for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) {
        const count = totals[group * ROW + bin] ?? 0;
        if (count === 0) continue;
        labelled += count;
        this.#totals[bin] = (this.#totals[bin] ?? 0) + count;
        this.#hits[bin] = (this.#hits[bin] ?? 0) + (hits[group * ROW + bin] ?? 0);
      }
      const map = labelled < MIN_LABELLED ? POOLED : group;
      if (map === group) this.#fitRow(group, hits, totals, group * ROW);
      if (this.#mapOf[group] === map) continue;
      this.#mapOf[group] = map;
      for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) {
        this.#places[group * ROW + bin] = map * CONFIDENCE_BINS + bin;
      }
    }
    this.#isFitted = this.#fitRow(POOLED, this.#hits, this.#totals, 0);
  }

  /** Place of a cell in the fit that speaks for it: that of its class, or the pooled one. */
  placeOf(cell: number): number {
    return this.#places[cell] ?? 0;
  }

  /** Chance of being right at a place, 0 to 1. */
  share(place: number): number {
    return this.#fitted[place] ?? 0;
  }

  /** First place of the pooled block that a place is in. */
  blockOf(place: number): number {
    return this.#blocks[place] ?? 0;
  }

  /** Variance of the share of a block, given by its first place. */
  blockVariance(block: number): number {
    return this.#variances[block] ?? 0;
  }

  #fitRow(map: number, hits: Uint32Array, totals: Uint32Array, at: number): boolean {
    const row = this.#rows[map];
    if (row === undefined || !isotonicFit(hits, totals, row.fitted, row.weights, at)) return false;
    const first = map * CONFIDENCE_BINS;
    let block = first;
    for (let place = first; place < first + CONFIDENCE_BINS; place += 1) {
      if (this.#fitted[place] !== this.#fitted[block]) block = place;
      this.#blocks[place] = block;
      if (block !== place) continue;
      const weight = this.#weights[place] ?? 0;
      // Half an event on either side: a block without an error so far is not certain.
      const smoothed = ((this.#fitted[place] ?? 0) * weight + 0.5) / (weight + 1);
      this.#variances[place] = (smoothed * (1 - smoothed)) / (weight + 1);
    }
    return true;
  }
}
