import { backoffMs } from './backoff.ts';
import type { Entry } from './entry.ts';
import { split } from './merge.ts';
import type { Outcome } from './outcome.ts';

/** What becomes of an entry after an attempt, and for how long the whole channel is quiet. */
export interface Consequence {
  /** Entries to put back; empty when the matter is closed. */
  readonly entries: readonly Entry[];
  readonly reason: 'delivered' | 'try-again' | 'paused' | 'split' | 'simplified' | 'gave-up';
  readonly pauseUntilMs?: number;
}

const MAX_AGE_MS = { critical: 24 * 3_600_000, normal: 2 * 3_600_000 };
/** A wrong configuration is tried again now and then, so that mending it needs no restart. */
const MISCONFIGURED_PAUSE_MS = 300_000;
/** A channel that asks for less patience, or for no number at all, must not be asked in a hot loop. */
const MIN_PAUSE_MS = 1000;

/**
 * Decides what follows from an attempt. An entry is given up only when it is too old (a day when critical, two
 * hours otherwise), or its plainest form has been refused too.
 *
 * @param random - Uniform in [0, 1), for the jitter.
 */
export function afterOutcome(entry: Entry, outcome: Outcome, nowMs: number, random: number): Consequence {
  const tried: Entry = { ...entry, attempts: entry.attempts + 1 };
  if (outcome.status === 'sent') return { entries: [], reason: 'delivered' };
  if (nowMs - entry.refreshedAtMs >= MAX_AGE_MS[entry.lane]) return { entries: [], reason: 'gave-up' };
  const { notification } = tried;
  const later = (afterMs = backoffMs(tried.attempts, random)): Entry => ({
    ...tried,
    notBeforeMs: nowMs + patient(afterMs),
  });
  switch (outcome.status) {
    case 'retryable':
      return { entries: [later(outcome.afterMs)], reason: 'try-again' };
    case 'ambiguous':
      return {
        entries: [{ ...later(), notification: { ...notification, possiblyRepeated: true } }],
        reason: 'try-again',
      };
    case 'throttled':
      return { entries: [tried], reason: 'paused', pauseUntilMs: nowMs + patient(outcome.untilMs - nowMs) };
    case 'misconfigured':
      return { entries: [tried], reason: 'paused', pauseUntilMs: nowMs + MISCONFIGURED_PAUSE_MS };
    case 'partial':
      if (outcome.failed.length === 0) return { entries: [], reason: 'delivered' };
      return {
        entries: [{ ...later(), notification: { ...notification, recipients: outcome.failed } }],
        reason: 'try-again',
      };
    case 'tooLarge': {
      const parts = split(tried);
      if (parts !== undefined) return { entries: parts, reason: 'split' };
      return simplified(tried);
    }
    case 'rejectedContent':
    default:
      return simplified(tried);
  }
}

function patient(pauseMs: number): number {
  return Number.isFinite(pauseMs) ? Math.max(pauseMs, MIN_PAUSE_MS) : 60_000;
}

function simplified(entry: Entry): Consequence {
  if (entry.notification.plain) return { entries: [], reason: 'gave-up' };
  return {
    entries: [{ ...entry, notification: { ...entry.notification, plain: true } }],
    reason: 'simplified',
  };
}
