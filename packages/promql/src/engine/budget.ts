import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@tidewatch/core';
import { PromqlError } from '../errors.ts';

/** What one query may use. A query must not stop the service it runs in. */
export interface QueryLimits {
  /** Samples read and values computed. @defaultValue 20_000_000 */
  readonly maxSamples?: number;
  /** Steps of a range query, and of a subquery. @defaultValue 11_000 */
  readonly maxSteps?: number;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

// About 2 ms of window arithmetic on a slow core.
const UNITS_PER_TURN = 200_000;

/** Units of building one label set, which is mostly making its key. */
export const LABEL_SET_UNITS = 200;

/** Counts what one query uses, and lets the event loop turn while it works. */
export class Budget {
  readonly #maxSamples: number;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #deadlineMs: number;
  #samples = 0;
  #sinceTurn = 0;

  constructor(limits: Required<QueryLimits>, clock: Clock, signal: AbortSignal | undefined) {
    this.#maxSamples = limits.maxSamples;
    this.#timeoutMs = limits.timeoutMs;
    this.#clock = clock;
    this.#signal = signal;
    this.#deadlineMs = clock.now() + limits.timeoutMs;
  }

  /** Samples read so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Accounts for memory before it is taken. @throws {@link PromqlError} above the limit. */
  take(samples: number): void {
    this.#samples += samples;
    if (this.#samples > this.#maxSamples) {
      const remedy = 'select fewer series, a shorter range or a longer step';
      throw new PromqlError('limit', `the query needs more than ${this.#maxSamples} samples; ${remedy}`);
    }
  }

  /**
   * Accounts for work done. `true` means: `await pause()` before going on.
   */
  work(units: number): boolean {
    this.#sinceTurn += units;
    return this.#sinceTurn >= UNITS_PER_TURN;
  }

  /** Visits every item, and lets the event loop turn in between when there are many. */
  async each<T>(items: Iterable<T>, unitsOfOne: number, visit: (item: T) => void): Promise<void> {
    for (const item of items) {
      visit(item);
      if (this.work(unitsOfOne)) await this.pause();
    }
  }

  /** Lets the event loop turn once. Rejects with the signal's reason, or when the time is up. */
  async pause(): Promise<void> {
    this.#sinceTurn = 0;
    await nextTurn();
    this.checkTime();
  }

  /** @throws the signal's reason when aborted; {@link PromqlError} when the time is up. */
  checkTime(): void {
    this.#signal?.throwIfAborted();
    if (this.#clock.now() > this.#deadlineMs) {
      throw new PromqlError('timeout', `the query took longer than ${this.#timeoutMs} ms`);
    }
  }
}
