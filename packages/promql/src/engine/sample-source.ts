import type { LabelMatcher } from '../language/ast.ts';
import type { LabelSet } from '../labels/label-set.ts';

/** Samples of one series within a time range. */
export interface SelectedSeries {
  readonly labels: LabelSet;
  /** Milliseconds, strictly ascending. */
  readonly times: Float64Array;
  /** As long as `times`. A value under a stale mark means nothing. */
  readonly values: Float64Array;
  /** 1 where the series ended; absent when it nowhere did. */
  readonly stale?: Uint8Array;
}

/** Where the engine reads: the store, or anything that can answer this one question. */
export interface SampleSource {
  /**
   * Series that satisfy all matchers and have a sample or stale mark with `fromMs < time <= toMs`.
   *
   * May read while it is iterated: the engine lets the event loop turn in between, and stops when it has seen enough.
   */
  select(
    matchers: readonly LabelMatcher[],
    fromMs: number,
    toMs: number,
    options?: SelectOptions,
  ): Iterable<SelectedSeries> | AsyncIterable<SelectedSeries>;
}

export interface SelectOptions {
  /** Awaited between two pieces of work of some milliseconds; rejects when the samples are no longer wanted. */
  readonly pause?: () => Promise<void>;
}
