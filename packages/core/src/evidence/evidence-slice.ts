import { ConfidenceCounts } from '../estimate/confidence-counts.ts';
import { ScoreCounts, type ScorePlan } from '../scores/score-counts.ts';
import type { SegmentBook } from '../segments/segment-book.ts';
import type { SegmentCounts } from '../segments/segment-counts.ts';

/** What a slice may hold beyond right and wrong; each part comes into being with its first event. */
export class EvidenceSlice {
  confidences: ConfidenceCounts | undefined;
  scores: ScoreCounts | undefined;
  segments: SegmentCounts | undefined;
  readonly #plan: ScorePlan;
  readonly #book: SegmentBook;

  constructor(plan: ScorePlan, book: SegmentBook) {
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

  merge({ confidences, scores, segments }: EvidenceSlice): void {
    if (confidences !== undefined) this.ownConfidences().merge(confidences);
    if (scores !== undefined) this.ownScores().merge(scores);
    if (segments !== undefined) (this.segments ??= this.#book.counts()).merge(segments);
  }

  clear(): void {
    this.confidences?.clear();
    this.scores?.clear();
    this.segments?.clear();
  }
}
