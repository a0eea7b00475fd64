import type { Clock, MetricFamily } from '@tidewatch/core';
import { PromqlError, type PromqlErrorCode } from '../errors.ts';
import { queryDuration, queryRequests, querySamples } from '../metrics.ts';

const KINDS = ['instant', 'range'] as const;
const OUTCOMES = ['ok', 'parse', 'execution', 'unsupported', 'limit', 'timeout', 'canceled'] as const;
const BOUNDARIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Kind = (typeof KINDS)[number];
type Outcome = 'ok' | PromqlErrorCode;

/** Counts queries, their ends and their time. All series exist from the start. */
export class QueryStatistics {
  readonly #clock: Clock;
  readonly #ends = new Map<string, number>();
  readonly #durations: Record<Kind, { counts: number[]; sum: number }>;
  #samples = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    const empty = (): { counts: number[]; sum: number } => ({
      counts: Array.from({ length: BOUNDARIES.length + 1 }, () => 0),
      sum: 0,
    });
    this.#durations = { instant: empty(), range: empty() };
  }

  /** Runs a query and notes how it ended. Its error passes through. */
  async observe<T>(kind: Kind, signal: AbortSignal | undefined, query: () => Promise<T>): Promise<T> {
    const startMs = this.#clock.now();
    let outcome: Outcome = 'ok';
    try {
      return await query();
    } catch (error) {
      // The reason of a signal is the caller's own error.
      const otherwise = signal?.aborted === true ? 'canceled' : 'execution';
      outcome = error instanceof PromqlError ? error.code : otherwise;
      throw error;
    } finally {
      const key = `${kind} ${outcome}`;
      this.#ends.set(key, (this.#ends.get(key) ?? 0) + 1);
      this.#observeDuration(kind, Math.max(0, this.#clock.now() - startMs) / 1000);
    }
  }

  read(samples: number): void {
    this.#samples += samples;
  }

  families(): readonly MetricFamily[] {
    const ends = KINDS.flatMap((kind) =>
      OUTCOMES.map((outcome) => ({
        labels: { kind, outcome },
        value: this.#ends.get(`${kind} ${outcome}`) ?? 0,
      })),
    );
    const durations = KINDS.map((kind) => {
      const { counts, sum } = this.#durations[kind];
      return { labels: { kind }, boundaries: BOUNDARIES, counts, sum };
    });
    return [
      { definition: queryRequests, points: ends },
      { definition: queryDuration, points: durations },
      { definition: querySamples, points: [{ labels: {}, value: this.#samples }] },
    ];
  }

  #observeDuration(kind: Kind, seconds: number): void {
    const duration = this.#durations[kind];
    const found = BOUNDARIES.findIndex((bound) => seconds <= bound);
    const bucket = found < 0 ? BOUNDARIES.length : found;
    duration.counts[bucket] = (duration.counts[bucket] ?? 0) + 1;
    duration.sum += seconds;
  }
}
