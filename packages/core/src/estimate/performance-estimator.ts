import { CalibrationMap } from './calibration-map.ts';
import { ExpectedHits, expectedWindow } from './expected-hits.ts';
import { MAX_GROUPS, type ConfidenceCounts } from './confidence-counts.ts';
import { EstimateGrade, GRADED, isTrusted, type EstimateCoverage } from './estimate-grade.ts';
import { BLOCK, LabelCounts, LabelMemory, cellOf } from './label-memory.ts';
import { averageF1, expectedAccuracy, expectedF1, type PerformanceEstimate } from './performance-estimate.ts';
import { priorShift } from './prior-shift.ts';

/** Blocks that calibration is learnt from, so that an old one is forgotten. */
const REMEMBERED = 10_000 / BLOCK;

/** Blocks after which the calibration is fitted again; sooner while there are few. */
const MOST_BETWEEN_FITS = 2_000 / BLOCK;

/** Blocks from which everything that is known now follows: see `#catchUp`. */
const NEEDED = REMEMBERED + MOST_BETWEEN_FITS + GRADED;

/** Fits come after 1, 2, 3, 4, 6, 8, 11, 15, 20, 27 and 36 blocks, and from there on after every ten. */
const FIT_PHASE = 36 % MOST_BETWEEN_FITS;

/**
 * Estimates the accuracy of predictions without labels from how sure they were (CBPE), and keeps a school report.
 *
 * What confidence means is learnt from the last 10,000 labelled predictions, by class said, with isotonic regression.
 * Every 200 labels, what the estimate says of these 200 is compared with their truth **before** it learns from
 * them. It cannot see a change of what classes look like until labels come: then it misses, and is not trusted.
 *
 * A label is only written down. It is learnt from when somebody asks, and then as if it had been at once.
 *
 * Memory: 250 kB.
 *
 * @see J. Kivimäki et al., "Performance estimation in binary classification using calibrated confidence" (2025),
 *   https://arxiv.org/abs/2505.05295, for the sum of calibrated confidences and its Poisson-binomial interval.
 */
export class PerformanceEstimator {
  readonly #memory = new LabelMemory(NEEDED);
  readonly #sum = new LabelCounts();
  readonly #map = new CalibrationMap();
  readonly #grade = new EstimateGrade();
  readonly #expected = new ExpectedHits(this.#map);
  /** Blocks that were learnt from. */
  #learnt = 0;
  #sinceFit = 0;

  /**
   * Takes a labelled prediction that said how sure it was. O(1).
   *
   * @param bin - As `confidenceBin` says.
   */
  add(said: number, truth: number, isHit: boolean, bin: number): void {
    this.#memory.add(said, truth, isHit, bin);
  }

  /** @returns what {@link estimatePerformance} says; `undefined` before 200 labels. */
  estimate(
    counts: ConfidenceCounts,
    positive: number | undefined,
    names: readonly (readonly [name: string, number: number])[],
  ): PerformanceEstimate | undefined {
    const { learnt } = this;
    return estimatePerformance(this.#map, learnt, counts, positive, names);
  }

  /** Everything that the estimate rests on. */
  get learnt(): Learnt {
    this.#catchUp();
    return { labels: this.#sum, coverage: this.#grade.coverage };
  }

  /**
   * Learns from the blocks that came since somebody asked. Of very many, only those from which everything follows: the
   * last grades, the fit before the first of these, and what that fit was learnt from.
   */
  #catchUp(): void {
    const { blocks } = this.#memory;
    // What is learnt from replaces what came 50 blocks before, so that must still be there.
    const canGoOn = blocks <= NEEDED || blocks - this.#learnt <= NEEDED - REMEMBERED;
    if (!canGoOn) this.#startAt(lastFit(blocks - GRADED));
    for (; this.#learnt < blocks; this.#learnt += 1) this.#learnFrom(this.#learnt);
  }

  /** As if every block before had been learnt from, and the last one had led to a fit. */
  #startAt(fitted: number): void {
    this.#grade.clear();
    this.#sum.clear();
    for (let number = fitted - REMEMBERED; number < fitted; number += 1) {
      this.#sum.count(this.#memory.block(number), 1);
    }
    this.#map.fit(this.#sum);
    this.#sinceFit = 0;
    this.#learnt = fitted;
  }

  /** Grades what the map says of the block first, and learns from it after. */
  #learnFrom(number: number): void {
    const block = this.#memory.block(number);
    if (this.#map.isFitted) this.#grade.mark(this.#wasRight(block));
    if (number >= REMEMBERED) this.#sum.count(this.#memory.block(number - REMEMBERED), -1);
    this.#sum.count(block, 1);
    this.#sinceFit += 1;
    if (this.#sinceFit < Math.min(MOST_BETWEEN_FITS, this.#sum.n / BLOCK / 4)) return;
    this.#map.fit(this.#sum);
    this.#sinceFit = 0;
  }

  #wasRight(block: Int32Array): boolean {
    let right = 0;
    this.#expected.clear();
    for (const packed of block) {
      right += packed & 1;
      this.#expected.add(cellOf(packed), 1);
    }
    const estimate = expectedAccuracy(this.#expected);
    if (estimate === undefined) return true;
    const { low, high } = estimate.interval;
    // Half a prediction of slack: accuracies of 200 predictions lie on a grid.
    return right / BLOCK >= low - 0.5 / BLOCK && right / BLOCK <= high + 0.5 / BLOCK;
  }
}

/** @param blocks - More than 36. */
function lastFit(blocks: number): number {
  return blocks - ((blocks - FIT_PHASE) % MOST_BETWEEN_FITS);
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
