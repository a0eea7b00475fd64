import { monotonicMs, type Clock } from '../vocabulary/clock.ts';

/**
 * The time line that windows live on: the wall clock of the start, moved forward by the monotonic clock.
 *
 * A step of the wall clock in either direction neither empties nor freezes a window.
 */
export interface SteadyTime {
  /** Milliseconds, never going back. */
  now(): number;
  /**
   * Brings a wall-clock time of an event onto this time line. What lies in the future happens now.
   *
   * @param nowMs - What `now()` just said.
   */
  ofEvent(wallMs: number, nowMs: number): number;
}

export function steadyTime(clock: Clock): SteadyTime {
  const offsetMs = clock.now() - monotonicMs(clock);
  return {
    now: () => monotonicMs(clock) + offsetMs,
    ofEvent: (wallMs, nowMs) => nowMs - Math.max(0, clock.now() - wallMs),
  };
}
