import type { Clock } from '../vocabulary/clock.ts';

/** A clock that stands still until told to move. */
export interface ManualClock extends Clock {
  /** Moves time forward and lets every sleeper that falls due run, in order. */
  advance(ms: number): Promise<void>;
  /** Sets the time without waking anybody, as an operator or NTP would. */
  jumpTo(nowMs: number): void;
}

/** Time for tests: no real waiting, every step of a loop reproducible. */
export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  let steppedMs = 0; // by how much `jumpTo` moved the wall clock, which the monotonic one does not see
  const sleepers = new Set<{ dueMs: number; wake: () => void }>();
  return {
    now: () => nowMs,
    monotonic: () => nowMs - steppedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const sleeper = { dueMs: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener(
          'abort',
          () => {
            sleepers.delete(sleeper);
            reject(signal.reason as Error);
          },
          { once: true },
        );
      }),
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        await settle();
        const next = [...sleepers].sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined || next.dueMs > untilMs) break;
        nowMs = Math.max(nowMs, next.dueMs);
        sleepers.delete(next);
        next.wake();
      }
      nowMs = untilMs;
    },
    jumpTo(ms) {
      steppedMs += ms - nowMs;
      nowMs = ms;
    },
  };
}

/** Lets promises that are already resolved run their continuations. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
