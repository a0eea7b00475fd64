import type { SampleAverages } from '../multilabel/set-counts.ts';
import type { DetectorReading } from '../drift/detector-watch.ts';
import type { DistributionDrift } from '../drift/distribution-drift.ts';
import type { PerformanceEstimate } from '../estimate/performance-estimate.ts';
import type { ScoreSummary } from '../scores/score-summary.ts';
import type { SegmentScores } from '../segments/segment-book.ts';

/** Whether something has changed, by what was answered and by what was wrong. */
export interface DriftSnapshot {
  /** The window beside the reference, by feature. Empty without the option `drift`, and while either is small. */
  readonly features: readonly DistributionDrift[];
  /** What each detector says of the stream of errors. */
  readonly detectors: readonly DetectorReading[];
}

/** What scores, confidences and segments say of a window. Absent where nothing defines it. */
export interface EvidenceSnapshot extends ScoreSummary {
  /** The accuracy that the window probably has, from confidences alone. Absent before 200 labels with confidences. */
  readonly estimated: PerformanceEstimate | undefined;
  readonly drift: DriftSnapshot;
  /** By segment and value, in order of appearance. */
  readonly segments: readonly SegmentScores[];
  /** Of the task `multi-label`: scores of each set on its own, averaged over predictions. */
  readonly samples: SampleAverages | undefined;
}
