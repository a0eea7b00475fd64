import { SetCounts } from '../multilabel/set-counts.ts';
import type { UndefinedScore } from '../quality/averages.ts';
import { ConfidenceCounts } from '../estimate/confidence-counts.ts';
import { ScoreCounts, type ScorePlan } from '../scores/score-counts.ts';
import type { SegmentBook } from '../segments/segment-book.ts';
import type { SegmentCounts } from '../segments/segment-counts.ts';

/** What a slice may hold beyond right and wrong; each part comes into being with its first event. */
export class EvidenceSlice {
  confidences: ConfidenceCounts | undefined;
  scores: ScoreCounts | undefined;
  segments: SegmentCounts | undefined;
  sets: SetCounts | undefined;
  readonly #undefinedScore: UndefinedScore;
  readonly #plan: ScorePlan;
  readonly #book: SegmentBook;

  constructor(plan: ScorePlan, book: SegmentBook, undefinedScore: UndefinedScore) {
    this.#undefinedScore = undefinedScore;
    this.sets = undefined;
    this.#plan = plan;
    this.#book = book;
    this.confidences = undefined;
    this.scores = undefined;
    this.segments = book.size === 0 ? undefined : book.counts();
  }

  ownConfidences(): ConfidenceCounts {
    return (this.confidences ??= new ConfidenceCounts());
  }

  ownScores(): ScoreCounts {
    return (this.scores ??= new ScoreCounts(this.#plan));
  }

  ownSets(): SetCounts {
    return (this.sets ??= new SetCounts(this.#undefinedScore));
  }

  merge({ confidences, scores, segments, sets }: EvidenceSlice): void {
    if (confidences !== undefined) this.ownConfidences().merge(confidences);
    if (scores !== undefined) this.ownScores().merge(scores);
    if (segments !== undefined) (this.segments ??= this.#book.counts()).merge(segments);
    if (sets !== undefined) this.ownSets().merge(sets);
  }

  clear(): void {
    this.confidences?.clear();
    this.scores?.clear();
    this.segments?.clear();
    this.sets?.clear();
  }
}
