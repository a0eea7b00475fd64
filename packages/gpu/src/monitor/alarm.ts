import type { Clock } from '@tidewatch/core';

/** Rings once, so long after it was set. Setting it again, or clearing it, drops what was set before. */
export interface Alarm {
  set(delayMs: number): void;
  clear(): void;
}

/**
 * An alarm that is cheap to set, for what is set every round and seldom rings.
 *
 * One sleeper serves many settings: it is replaced only by an earlier one, and looks at the time when it wakes.
 */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  const now = (): number => clock.monotonic?.() ?? clock.now();
  let dueMs = Infinity;
  let delayMs = 0;
  /** When the sleeper wakes; `Infinity` while there is none. */
  let wakesMs = Infinity;
  let sleeper: AbortController | undefined;

  async function sleep(ms: number): Promise<void> {
    sleeper?.abort('replaced'); // a reason of ours: the usual one is an error with a stack
    const mine = new AbortController();
    sleeper = mine;
    wakesMs = dueMs;
    await clock.sleep(ms, mine.signal).catch(() => {});
    if (sleeper === mine) wake();
  }

  function wake(): void {
    sleeper = undefined;
    wakesMs = Infinity;
    if (dueMs === Infinity) return;
    const restMs = dueMs - now();
    // More than was ever set: a clock without monotonic time was set back.
    if (restMs > 0 && restMs <= delayMs) void sleep(restMs);
    else {
      dueMs = Infinity;
      ring();
    }
  }

  return {
    set(ms) {
      delayMs = ms;
      dueMs = now() + ms;
      if (dueMs < wakesMs) void sleep(ms);
    },
    clear() {
      dueMs = Infinity;
    },
  };
}
