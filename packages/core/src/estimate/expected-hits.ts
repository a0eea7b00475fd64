import type { CalibrationMap } from './calibration-map.ts';
import { CONFIDENCE_BINS } from './confidence-bin.ts';
import { MAX_GROUPS, ROW } from './confidence-counts.ts';

const PLACES = (MAX_GROUPS + 2) * CONFIDENCE_BINS;

/**
 * Right predictions to be expected among those that are added, and the variance of their sum. O(1) each.
 *
 * The variance is that of a sum of independent coins (Poisson-binomial), plus that of the calibration itself: each
 * pooled block of the isotonic fit is a share of its own labelled predictions, and errs for all that it is used for.
 */
export class ExpectedHits {
  n = 0;
  hits = 0;
  #coins = 0;
  #fit = 0;
  readonly #map: CalibrationMap;
  /** Predictions by block of the fit. */
  readonly #inBlock = new Float64Array(PLACES);

  constructor(map: CalibrationMap) {
    this.#map = map;
  }

  /** @param count - Predictions of this cell. */
  add(cell: number, count: number): void {
    const place = this.#map.placeOf(cell);
    const share = this.#map.share(place);
    const block = this.#map.blockOf(place);
    const before = this.#inBlock[block] ?? 0;
    this.n += count;
    this.hits += count * share;
    this.#coins += count * share * (1 - share);
    // (before + count)² − before²
    this.#fit += count * (2 * before + count) * this.#map.blockVariance(block);
    this.#inBlock[block] = before + count;
  }

  get variance(): number {
    return this.#coins + this.#fit;
  }

  clear(): void {
    this.n = 0;
    this.hits = 0;
    this.#coins = 0;
    this.#fit = 0;
    this.#inBlock.fill(0);
  }
}

/** Expectations of a window. */
export interface ExpectedWindow {
  readonly n: number;
  readonly hits: number;
  readonly variance: number;
  /** Predictions that said how sure they were, by group. */
  readonly predicted: readonly number[];
  /** Of these, expected to be right. */
  readonly hitsOf: readonly number[];
}

/** @param cells - As in `ConfidenceCounts`; predictions without a confidence are left out. */
export function expectedWindow(map: CalibrationMap, cells: ArrayLike<number>): ExpectedWindow {
  const all = new ExpectedHits(map);
  const predicted: number[] = [];
  const hitsOf: number[] = [];
  for (let group = 0; group <= MAX_GROUPS; group += 1) {
    const { n, hits } = all;
    for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) {
      const count = cells[group * ROW + bin] ?? 0;
      if (count > 0) all.add(group * ROW + bin, count);
    }
    predicted.push(all.n - n);
    hitsOf.push(all.hits - hits);
  }
  return { n: all.n, hits: all.hits, variance: all.variance, predicted, hitsOf };
}
