import { DetectorWatch, type DetectorReading } from '../drift/detector-watch.ts';
import { featureDrift } from '../drift/feature-drift.ts';
import { CONFIDENCE_BINS, confidenceBin } from '../estimate/confidence-bin.ts';
import { ConfidenceCounts } from '../estimate/confidence-counts.ts';
import { PerformanceEstimator, type Learnt } from '../estimate/performance-estimator.ts';
import { HeldDetails } from '../scores/held-details.ts';
import { DOUBLE_EPSILON } from '../scores/proper-scores.ts';
import { scorePlan, type ScorePlan } from '../scores/score-counts.ts';
import { readScores } from '../scores/score-reader.ts';
import { NO_SCORES, scoreSummary } from '../scores/score-summary.ts';
import { SegmentBook } from '../segments/segment-book.ts';
import { SliceRing } from '../window/slice-ring.ts';
import type { PredictionRecord } from '../monitor/classifier-recorder.ts';
import type { MonitorSettings } from '../monitor/monitor-options.ts';
import { EvidenceSlice } from './evidence-slice.ts';
import type { EvidenceSnapshot } from './evidence-snapshot.ts';

/** Scores of predictions that wait for their labels take at most this much memory. */
export const MAX_HELD_BYTES: number = 64 * 2 ** 20;

/** What says how sure the classifier was. */
export interface Sureness {
  /** 0 to 1. */
  readonly confidence: number;
}

/** Why a part of a prediction was not used. */
export type EvidenceRefusal = 'scores' | 'segment' | 'detector';

/**
 * Everything that is known of predictions beyond right and wrong: scores, confidences, segments, drift.
 *
 * The recorder calls `goTo`, `read`, then `predicted`, and `settled` when the truth is known; between them `keep` and
 * `recall` carry one prediction's details over the wait. What a prediction does not have costs nothing.
 */
export class Evidence {
  readonly #classes: readonly string[];
  readonly #settings: MonitorSettings;
  readonly #positive: number | undefined;
  readonly #plan: ScorePlan;
  readonly #ring: SliceRing<EvidenceSlice>;
  readonly #detectors: DetectorWatch;
  readonly #reference = new ConfidenceCounts();
  readonly #wantedReference: number;
  #referenceSize = 0;
  /** The slice at hand, and for which events it is: from a time, until a now. */
  #slice: EvidenceSlice | undefined;
  #fromMs: number = Number.POSITIVE_INFINITY;
  #untilMs: number = Number.NEGATIVE_INFINITY;
  #nowMs = 0.5;
  readonly #hasDetectors: boolean;
  /** Two classes and a positive one: a confidence is as good as scores. */
  readonly #isBinary: boolean;
  /** Whether predictions without scores have something to be read too. */
  readonly #readsAll: boolean;
  #estimator: PerformanceEstimator | undefined;
  readonly #refuse: (reason: EvidenceRefusal, error?: unknown) => void;
  readonly #held: () => HeldDetails;
  #heldRows: HeldDetails | undefined;
  /** The prediction at hand: resolution of its scores (0 for none), the scores, the cell of each segment. */
  readonly #row: Float64Array;
  readonly #scores: Float64Array;
  readonly #segmentsAt: number;
  #hasDetails = false;
  readonly #ownSureness = { confidence: 0.5 };
  /** Segments with their totals since the start. */
  readonly book: SegmentBook;

  constructor(settings: MonitorSettings, refuse: (reason: EvidenceRefusal, error?: unknown) => void) {
    const { classes, positiveClass, windows, sliceMs, windowMs, segments, topK, topKTies } = settings;
    this.#settings = settings;
    this.#classes = classes;
    this.#refuse = refuse;
    this.#positive = positiveClass === undefined ? undefined : classes.indexOf(positiveClass);
    const spanMs = Math.max(...windows);
    this.#plan = scorePlan(classes.length, this.#positive, topK, topKTies, Math.ceil(spanMs / sliceMs));
    this.book = new SegmentBook(segments);
    this.#ring = new SliceRing(
      spanMs,
      sliceMs,
      () => new EvidenceSlice(this.#plan, this.book, settings.undefinedScore),
    );
    this.#detectors = new DetectorWatch(settings.drift.detectors, windowMs, (error) =>
      refuse('detector', error),
    );
    this.#wantedReference = settings.drift.reference;
    this.#hasDetectors = settings.drift.detectors.length > 0;
    this.#isBinary = this.#positive !== undefined && classes.length === 2;
    this.#readsAll = this.#isBinary || this.book.size > 0;
    this.#segmentsAt = 1 + classes.length;
    this.#row = new Float64Array(this.#segmentsAt + this.book.size);
    this.#scores = this.#row.subarray(1, this.#segmentsAt);
    const rows = Math.floor(MAX_HELD_BYTES / this.#row.byteLength);
    this.#held = () =>
      (this.#heldRows ??= new HeldDetails(this.#row.length, Math.min(rows, settings.maxPendingLabels)));
  }

  /**
   * Goes to the slice of an event. Small, so that the compiler puts it into its caller: times are no integers, and
   * would be copied to the heap on the way.
   */
  goTo(timeMs: number, nowMs: number): void {
    this.#nowMs = nowMs;
    if (timeMs >= this.#fromMs && nowMs < this.#untilMs) return;
    this.#move(timeMs, nowMs);
  }

  /**
   * Takes scores and segments of a prediction at hand.
   *
   * @param sureness - What says how sure the classifier was, when the prediction does.
   * @returns the same, else the score of the class that was said: an object, since a number that is no integer would
   *   be copied to the heap on the way. Good until the next call.
   */
  read(
    { scores, segments }: PredictionRecord,
    said: number,
    sureness: Sureness | undefined,
  ): Sureness | undefined {
    this.#hasDetails = false;
    if (scores === undefined && !this.#readsAll) return sureness;
    this.#row[0] = 0;
    if (scores !== undefined) {
      const resolution = readScores(scores, this.#classes, this.#scores);
      this.#row[0] = resolution;
      if (resolution === 0) this.#refuse('scores');
    } else if (this.#isBinary && sureness !== undefined && said < 2) {
      this.#scores[said] = sureness.confidence;
      this.#scores[1 - said] = 1 - sureness.confidence;
      this.#row[0] = DOUBLE_EPSILON;
    }
    const hasScores = this.#row[0] !== 0;
    if (this.book.size > 0 && !this.book.read(segments, this.#row, this.#segmentsAt)) this.#refuse('segment');
    this.#hasDetails = hasScores || this.book.size > 0;
    if (sureness !== undefined || !hasScores || said >= this.#scores.length) return sureness;
    this.#ownSureness.confidence = this.#scores[said] ?? 0;
    return this.#ownSureness;
  }

  /** Counts the prediction at hand in the window. */
  predicted(said: number, sureness: Sureness | undefined): void {
    const isWatched = this.#wantedReference > 0;
    if (sureness === undefined && !isWatched && this.book.size === 0) return;
    const slice = this.#slice;
    if (this.book.size > 0) this.book.predicted(this.#row, this.#segmentsAt, slice?.segments);
    if (sureness === undefined && !isWatched) return;
    const bin = sureness === undefined ? CONFIDENCE_BINS : confidenceBin(sureness.confidence);
    slice?.ownConfidences().add(said, bin);
    if (this.#referenceSize >= this.#wantedReference) return;
    this.#reference.add(said, bin);
    this.#referenceSize += 1;
  }

  /** Keeps the details of the prediction at hand until its label comes. */
  keep(id: string): void {
    if (this.#hasDetails) this.#held().keep(id, this.#row);
    else this.#heldRows?.drop(id);
  }

  /** Forgets what was kept for an id. */
  drop(id: string): void {
    this.#heldRows?.drop(id);
  }

  /** Makes the details of an earlier prediction those at hand. */
  recall(id: string): void {
    this.#hasDetails = this.#heldRows?.recall(id, this.#row) ?? false;
  }

  /** Counts the truth of the prediction at hand, in the window in which it was made. */
  settled(said: number, truth: number, isCorrect: boolean, sureness: Sureness | undefined): void {
    if (this.#hasDetectors) this.#detectors.add(!isCorrect, this.#nowMs);
    if (sureness !== undefined) {
      this.#estimator ??= new PerformanceEstimator();
      this.#estimator.add(said, truth, isCorrect, confidenceBin(sureness.confidence));
    }
    if (!this.#hasDetails) return;
    const slice = this.#slice;
    const resolution = this.#row[0] ?? 0;
    if (resolution !== 0) slice?.ownScores().add(this.#scores, truth, resolution);
    if (this.book.size > 0) this.book.settled(this.#row, this.#segmentsAt, isCorrect, slice?.segments);
  }

  /** `read` for a prediction of several classes: it has no scores. */
  readSegments(segments: PredictionRecord['segments']): void {
    this.#hasDetails = this.book.size > 0;
    this.#row[0] = 0;
    if (this.#hasDetails && !this.book.read(segments, this.#row, this.#segmentsAt)) this.#refuse('segment');
  }

  predictedSet(): void {
    if (this.book.size > 0) this.book.predicted(this.#row, this.#segmentsAt, this.#slice?.segments);
  }

  settledSet(said: readonly string[], truth: readonly string[], isCorrect: boolean): void {
    this.#slice?.ownSets().add(said, truth);
    this.settled(0, 0, isCorrect, undefined);
  }

  /** The slice at hand is good for events from now on until it ends; for one of the past, for that one only. */
  #move(timeMs: number, nowMs: number): void {
    this.#slice = this.#ring.at(timeMs, nowMs);
    const { sliceMs } = this.#settings;
    const startMs = Math.floor(nowMs / sliceMs) * sliceMs;
    const isNow = timeMs >= startMs && timeMs <= nowMs;
    this.#fromMs = isNow ? startMs : Number.POSITIVE_INFINITY;
    this.#untilMs = isNow ? startMs + sliceMs : Number.NEGATIVE_INFINITY;
  }

  /** Everything that was counted in a window. */
  sum(windowMs: number, nowMs: number): EvidenceSlice {
    const total = new EvidenceSlice(this.#plan, this.book, this.#settings.undefinedScore);
    for (const slice of this.#ring.within(windowMs, nowMs)) total.merge(slice);
    return total;
  }

  snapshot(
    windowMs: number,
    nowMs: number,
    names: readonly (readonly [name: string, number: number])[],
  ): EvidenceSnapshot {
    const { confidences, scores, segments, sets } = this.sum(windowMs, nowMs);
    return {
      ...(scores === undefined ? NO_SCORES : scoreSummary(scores)),
      estimated: confidences && this.#estimator?.estimate(confidences, this.#positive, names),
      drift: {
        features: featureDrift(confidences, this.#reference, this.#settings.drift.reference),
        detectors: this.#detectors.readings(nowMs),
      },
      segments: segments === undefined ? [] : this.book.scores(segments),
      samples: sets?.averages(),
    };
  }

  /** What labels have taught about confidences. Absent while no label came with one. */
  get learnt(): Learnt | undefined {
    return this.#estimator?.learnt;
  }

  /** The first predictions, that answers and confidences are compared with. */
  get reference(): ConfidenceCounts {
    return this.#reference;
  }

  /** How scores are counted. */
  get plan(): ScorePlan {
    return this.#plan;
  }

  detectors(nowMs: number): DetectorReading[] {
    return this.#detectors.readings(nowMs);
  }

  /** Details that made room for newer ones while they waited for their labels. */
  get detailsEvicted(): number {
    return this.#heldRows?.evicted ?? 0;
  }
}
