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
  readonly #hasOwn = new Uint8Array(GROUPS);
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
      this.#hasOwn[group] = labelled < MIN_LABELLED ? 0 : 1;
      if (labelled >= MIN_LABELLED) this.#fitRow(group, hits, totals, group * ROW);
    }
    this.#isFitted = this.#fitRow(POOLED, this.#hits, this.#totals, 0);
  }

  /** Chance of being right of a prediction in this cell, 0 to 1. */
  share(cell: number): number {
    return this.#fitted[this.#placeOf(cell)] ?? 0;
  }

  /** Place of the pooled block of the fit that says so, and the variance of what it says. */
  blockOf(cell: number): number {
    const place = this.#placeOf(cell);
    const share = this.#fitted[place];
    let first = place;
    while (first % CONFIDENCE_BINS > 0 && this.#fitted[first - 1] === share) first -= 1;
    return first;
  }

  /** Variance of the share of a block of the fit, given by any of its places. */
  blockVariance(place: number): number {
    const weight = this.#weights[place] ?? 0;
    // Half an event on either side: a block without an error so far is not certain.
    const smoothed = ((this.#fitted[place] ?? 0) * weight + 0.5) / (weight + 1);
    return (smoothed * (1 - smoothed)) / (weight + 1);
  }

  #placeOf(cell: number): number {
    const group = Math.floor(cell / ROW);
    return (this.#hasOwn[group] === 1 ? group : POOLED) * CONFIDENCE_BINS + (cell % ROW);
  }

  #fitRow(map: number, hits: Uint32Array, totals: Uint32Array, at: number): boolean {
    const row = this.#rows[map];
    return row !== undefined && isotonicFit(hits, totals, row.fitted, row.weights, at);
  }
}
