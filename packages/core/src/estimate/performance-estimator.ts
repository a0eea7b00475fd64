import { CalibrationMap } from './calibration-map.ts';
import { ExpectedHits, expectedWindow } from './expected-hits.ts';
import { MAX_GROUPS, type ConfidenceCounts } from './confidence-counts.ts';
import { EstimateGrade, isTrusted, type EstimateCoverage } from './estimate-grade.ts';
import { BLOCK, LabelMemory, type LabelCounts } from './label-memory.ts';
import { averageF1, expectedAccuracy, expectedF1, type PerformanceEstimate } from './performance-estimate.ts';
import { priorShift } from './prior-shift.ts';

/** Labels after which the calibration is fitted again; sooner while there are few. */
const MOST_BETWEEN_FITS = 2_000;

/**
 * Estimates the accuracy of predictions without labels from how sure they were (CBPE), and keeps a school report.
 *
 * What confidence means is learnt from the last 10,000 labelled predictions, by class said, with isotonic regression.
 * Every 200 labels, what the estimate says of these 200 is compared with their truth **before** it learns from
 * them. It cannot see a change of what classes look like until labels come: then it misses, and is not trusted.
 *
 * Memory: 250 kB.
 *
 * @see J. Kivimäki et al., "Performance estimation in binary classification using calibrated confidence" (2025),
 *   https://arxiv.org/abs/2505.05295, for the sum of calibrated confidences and its Poisson-binomial interval.
 */
export class PerformanceEstimator {
  readonly #memory = new LabelMemory();
  readonly #map = new CalibrationMap();
  readonly #grade = new EstimateGrade();
  readonly #expected = new ExpectedHits(this.#map);
  #sinceFit = 0;

  /**
   * Learns from a labelled prediction that said how sure it was. O(1), but for what is done once in 200.
   *
   * @param bin - As `confidenceBin` says.
   */
  add(said: number, truth: number, isHit: boolean, bin: number): void {
    if (this.#memory.add(said, truth, isHit, bin)) this.#closeBlock();
  }

  /** @returns what {@link estimatePerformance} says; `undefined` before 200 labels. */
  estimate(
    counts: ConfidenceCounts,
    positive: number | undefined,
    names: readonly (readonly [name: string, number: number])[],
  ): PerformanceEstimate | undefined {
    return estimatePerformance(this.#map, this.learnt, counts, positive, names);
  }

  /** Everything that the estimate rests on. */
  get learnt(): Learnt {
    return { labels: this.#memory.sum, coverage: this.#grade.coverage };
  }

  /** Grades what the map says of the block first, and learns from it after. */
  #closeBlock(): void {
    if (this.#map.isFitted) this.#grade.mark(this.#wasRight());
    this.#memory.close();
    this.#sinceFit += BLOCK;
    if (this.#sinceFit < Math.min(MOST_BETWEEN_FITS, this.#memory.sum.n / 4)) return;
    this.#map.fit(this.#memory.sum);
    this.#sinceFit = 0;
  }

  #wasRight(): boolean {
    let right = 0;
    this.#expected.clear();
    for (const packed of this.#memory.open) {
      right += packed & 1;
      this.#expected.add(packed >> 1, 1);
    }
    const estimate = expectedAccuracy(this.#expected);
    if (estimate === undefined) return true;
    const { low, high } = estimate.interval;
    // Half a prediction of slack: accuracies of 200 predictions lie on a grid.
    return right / BLOCK >= low - 0.5 / BLOCK && right / BLOCK <= high + 0.5 / BLOCK;
  }
}

/** What labels have taught, and how often it held. */
export interface Learnt {
  readonly labels: LabelCounts;
  readonly coverage: EstimateCoverage;
}

/**
 * @param map - Fitted to what was learnt.
 * @param counts - All predictions of the window.
 * @param positive - Number of the positive class, when there is one.
 * @param names - Classes with their numbers, which are given in order from 0.
 * @returns `undefined` when nothing was learnt, and when no prediction of the window said how sure it was.
 */
export function estimatePerformance(
  map: CalibrationMap,
  { labels, coverage }: Learnt,
  counts: ConfidenceCounts,
  positive: number | undefined,
  names: readonly (readonly [name: string, number: number])[],
): PerformanceEstimate | undefined {
  if (!map.isFitted) return undefined;
  const expected = expectedWindow(map, counts.cells);
  const accuracy = expectedAccuracy(expected);
  if (accuracy === undefined) return undefined;
  const known = names.filter(([, number]) => number < MAX_GROUPS);
  const hasPooled = (expected.predicted[MAX_GROUPS] ?? 0) > 0;
  const confusion = Array.from({ length: known.length }, (_, said) =>
    Array.from(
      { length: known.length },
      (_unused, truth) => labels.confusion[said * (MAX_GROUPS + 1) + truth] ?? 0,
    ),
  );
  const own = {
    predicted: expected.predicted.slice(0, known.length),
    hitsOf: expected.hitsOf.slice(0, known.length),
  };
  const shares = hasPooled ? undefined : priorShift(confusion, counts.predicted().slice(0, known.length));
  return {
    ...accuracy,
    f1: hasPooled ? undefined : averageF1(expectedF1(own, confusion), positive),
    calibratedOn: labels.n,
    trusted: isTrusted(coverage),
    coverage,
    priors: shares && known.map(([name, number]) => ({ class: name, share: shares[number] ?? 0 })),
  };
}
