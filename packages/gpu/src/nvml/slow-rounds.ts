import { systemClock, type Clock } from '@tidewatch/core';

/** Says of each round whether it is time for the readings that are dear: the first, and one an interval. */
export function slowRounds(options: {
  readonly slowIntervalMs?: number;
  readonly clock?: Clock;
}): () => boolean {
  const { slowIntervalMs = 60_000, clock = systemClock } = options;
  let lastMs = -Infinity;
  return () => {
    const nowMs = clock.now();
    // By the distance: a clock set back must not put them off for hours.
    if (Math.abs(nowMs - lastMs) < slowIntervalMs) return false;
    lastMs = nowMs;
    return true;
  };
}
