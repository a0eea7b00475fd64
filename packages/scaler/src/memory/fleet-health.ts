import type { ReplicaState } from '../targets/scale-target.ts';

/** Whether the replicas that were asked for come to life, as plain data: it is kept over a restart. */
export interface FleetHealth {
  readonly state: 'well' | 'starting' | 'failing';
  /** Since when replicas are starting without a new one getting ready. Absent: none is. */
  readonly stuckSinceMs?: number;
  readonly ready: number;
  readonly desired: number;
  /** Times in a row that more replicas were asked for and did not come to life. */
  readonly failures: number;
  /** No more replicas are added before this time. Absent: nothing forbids it. */
  readonly retryAtMs?: number;
}

export const wellFleet: FleetHealth = { state: 'well', ready: 0, desired: 0, failures: 0 };

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

/**
 * Judges the replicas by how they come to life: failing when one crashes again and again, or when none has got
 * ready for longer than a start may take. Then more of them do no good, and attempts grow rare: a pause of one
 * minute, doubled with each, up to half an hour.
 */
export function judgeHealth(
  before: FleetHealth,
  { ready, desired, starting, crashLooping = 0 }: ReplicaState,
  nowMs: number,
  readyTimeoutMs: number,
): FleetHealth {
  const counts = { ready, desired };
  if (starting === 0 && crashLooping === 0) return { ...counts, state: 'well', failures: 0 };

  const isProgress = before.stuckSinceMs === undefined || ready > before.ready;
  const isNewAttempt = desired > before.desired;
  const stuckSinceMs = isProgress || isNewAttempt ? nowMs : (before.stuckSinceMs ?? nowMs);
  const isFailing = crashLooping > 0 || nowMs - stuckSinceMs > readyTimeoutMs;
  const { failures } = before;
  if (!isFailing) {
    // Still within the pause of an earlier failure, if there was one: not yet forgiven.
    const { retryAtMs } = before;
    const pause = retryAtMs === undefined ? {} : { retryAtMs };
    return { ...counts, state: 'starting', stuckSinceMs, failures, ...pause };
  }
  if (before.state === 'failing' && !isNewAttempt && before.retryAtMs !== undefined) {
    return { ...counts, state: 'failing', stuckSinceMs, failures, retryAtMs: before.retryAtMs };
  }
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
  return { ...counts, state: 'failing', stuckSinceMs, failures: failures + 1, retryAtMs: nowMs + pauseMs };
}
