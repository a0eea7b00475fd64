import type { Series, Vector } from './sample.ts';

export interface QueryOptions {
  /** Stops the evaluation; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Evaluates a PromQL expression at one instant.
 *
 * Rejects when it cannot answer. An empty vector is an answer: nothing matched. A scalar result is one
 * sample without labels.
 *
 * @param atMs - Milliseconds since the Unix epoch.
 */
export type InstantQuery = (expr: string, atMs: number, options?: QueryOptions) => Promise<Vector>;

/** Times of a range query: `startMs`, `startMs + stepMs`, … up to and including `endMs`. */
export interface QueryRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Evaluates a PromQL expression at every step of a range. Rejects when it cannot answer. */
export type RangeQuery = (
  expr: string,
  range: QueryRange,
  options?: QueryOptions,
) => Promise<readonly Series[]>;
