import type { GpuReason } from './gpu-status.ts';

/** What the pause depends on: the reason, and whether the driver is opened anew, for every GPU was lost. */
export type RetryCause = GpuReason | 'all-devices-lost';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** First and longest pause; it doubles in between. `never`: cannot heal while this process lives. */
type Schedule = 'interval' | 'never' | { readonly firstMs: number; readonly longestMs: number };

const schedules: Readonly<Record<RetryCause, Schedule>> = {
  off: 'never',
  closed: 'never',
  'unsupported-platform': 'never',
  'ffi-not-installed': 'never',
  'ffi-not-allowed': 'never',
  'helper-not-allowed': 'never',
  'smi-not-allowed': 'never',
  'helper-gave-up': 'never',
  'no-gpu': { firstMs: 10 * MINUTE, longestMs: 10 * MINUTE },
  'gpu-without-library': { firstMs: 10 * MINUTE, longestMs: 10 * MINUTE },
  'library-not-found': { firstMs: 10 * MINUTE, longestMs: 10 * MINUTE },
  'smi-not-found': { firstMs: 10 * MINUTE, longestMs: 10 * MINUTE },
  'library-unusable': { firstMs: 10 * MINUTE, longestMs: 10 * MINUTE },
  'driver-not-loaded': { firstMs: MINUTE, longestMs: 10 * MINUTE },
  suspended: { firstMs: MINUTE, longestMs: MINUTE },
  'none-selected': { firstMs: 10 * MINUTE, longestMs: 10 * MINUTE },
  'no-devices': { firstMs: MINUTE, longestMs: 10 * MINUTE },
  'driver-mismatch': { firstMs: MINUTE, longestMs: 15 * MINUTE },
  'container-lost-devices': { firstMs: MINUTE, longestMs: 15 * MINUTE },
  'no-permission': { firstMs: MINUTE, longestMs: 15 * MINUTE },
  'helper-stuck': { firstMs: MINUTE, longestMs: 15 * MINUTE },
  'read-timed-out': { firstMs: MINUTE, longestMs: 15 * MINUTE },
  'driver-failed': { firstMs: 10 * SECOND, longestMs: 5 * MINUTE },
  'helper-not-started': { firstMs: 10 * SECOND, longestMs: 5 * MINUTE },
  'source-failed': { firstMs: 10 * SECOND, longestMs: 5 * MINUTE },
  'helper-crashed': { firstMs: SECOND, longestMs: 5 * MINUTE },
  'all-devices-lost': { firstMs: 10 * SECOND, longestMs: 15 * MINUTE },
  'devices-lost': 'interval',
  'devices-denied': 'interval',
};

/**
 * The pause before the next reading in milliseconds; `undefined` when there is no sense in one.
 *
 * @param failures - Rounds in a row that ended with this cause, this one included.
 */
export function retryDelayMs(
  cause: RetryCause | undefined,
  failures: number,
  intervalMs: number,
): number | undefined {
  const schedule = cause === undefined ? 'interval' : schedules[cause];
  if (schedule === 'never') return undefined;
  if (schedule === 'interval') return intervalMs;
  return Math.min(schedule.longestMs, schedule.firstMs * 2 ** Math.min(failures - 1, 20));
}

const CRASH_LIMIT = 5;
const CRASH_WINDOW_MS = 10 * MINUTE;

/** The crashes that still count, this one included, and whether they are enough to give up. */
export function countCrash(
  earlierMs: readonly number[],
  nowMs: number,
): { readonly crashesMs: readonly number[]; readonly givesUp: boolean } {
  // By the distance: after a clock was set back, crashes of a later time must not count for hours.
  const recent = earlierMs.filter((atMs) => Math.abs(nowMs - atMs) < CRASH_WINDOW_MS);
  const crashesMs = [...recent, nowMs].slice(-CRASH_LIMIT);
  return { crashesMs, givesUp: crashesMs.length >= CRASH_LIMIT };
}
