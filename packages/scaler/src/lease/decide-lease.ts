import type { LeaseRecord, VersionedRecord } from './lease-record.ts';

/** What one contender has seen; times are those of its own monotonic clock. */
export interface LeaseView {
  readonly identity: string;
  readonly durationMs: number;
  /** Absent: nothing is written yet. */
  readonly found?: VersionedRecord | undefined;
  /** Since when what is written has not changed before our eyes. */
  readonly unchangedSinceMs: number;
  readonly nowMs: number;
}

export type LeaseMove =
  | {
      readonly move: 'write';
      readonly reason: 'first' | 'renewal' | 'given-back' | 'expired';
      readonly record: LeaseRecord;
    }
  | { readonly move: 'wait'; readonly reason: 'held-by-other' };

/**
 * Renew, take over, or wait. Clocks of two machines are never compared: another's lease has run out when its
 * record has not changed for its whole duration on our own clock.
 */
export function decideLease({ identity, durationMs, found, unchangedSinceMs, nowMs }: LeaseView): LeaseMove {
  if (found === undefined) {
    return { move: 'write', reason: 'first', record: { holder: identity, term: 1, renewals: 0, durationMs } };
  }
  const { record } = found;
  const { holder, term, renewals } = record;
  if (holder === identity) {
    return { move: 'write', reason: 'renewal', record: { holder, term, renewals: renewals + 1, durationMs } };
  }
  const isExpired = nowMs - unchangedSinceMs >= record.durationMs;
  if (holder !== '' && !isExpired) return { move: 'wait', reason: 'held-by-other' };
  return {
    move: 'write',
    reason: holder === '' ? 'given-back' : 'expired',
    record: { holder: identity, term: term + 1, renewals: 0, durationMs },
  };
}
