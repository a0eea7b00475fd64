import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '@tidewatch/core';

/** Real time that never steps back. `now()` counts from the start of the process, not from the epoch. */
export const steadyClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => timeout(ms, undefined, signal && { signal }),
};
