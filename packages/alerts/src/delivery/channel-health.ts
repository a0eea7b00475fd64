import type { RateLimit } from '../channels/channel.ts';
import { backoffMs } from './backoff.ts';
import type { Outcome } from './outcome.ts';

/** What a channel remembers of its attempts: the limiter's window and the breaker. Outlives the process. */
export interface ChannelHealth {
  /** When the attempts of the limiter's window ended, oldest first. */
  readonly attemptsAtMs: readonly number[];
  /** Nothing is sent before. */
  readonly pausedUntilMs: number;
  /** Attempts in a row that the service did not answer, or answered with its own failure. */
  readonly failures: number;
  /** Since when the breaker is open; absent while it is closed. */
  readonly openSinceMs?: number;
  /** Why it is open, for a person. */
  readonly problem?: string;
  /** More alerts than this were too many for one message: a digest holds no more. Absent: that has not happened. */
  readonly mostAlerts?: number;
}

export type BreakerReason =
  | 'answered'
  | 'failed'
  | 'opened-by-failures'
  | 'opened-by-configuration'
  | 'still-open'
  | 'told-to-wait';

export const newChannelHealth: ChannelHealth = { attemptsAtMs: [], pausedUntilMs: 0, failures: 0 };

/** So many failures in a row open the breaker: until then each message waits for itself. */
const FAILURES_TO_OPEN = 5;

/**
 * What is known of a channel after an attempt. An open breaker lets one message through when its pause is over; the
 * answer to it closes the breaker, or begins the next pause.
 *
 * @param pauseUntilMs - What the outcome itself asked for.
 * @param random - Uniform in [0, 1), for the jitter.
 */
export function afterAttempt(
  health: ChannelHealth,
  outcome: Outcome,
  attempt: {
    readonly nowMs: number;
    readonly pauseUntilMs: number | undefined;
    readonly limit: RateLimit | undefined;
    /** How many the message had. */
    readonly alerts: number;
    readonly random: number;
  },
): { readonly health: ChannelHealth; readonly reason: BreakerReason } {
  const { nowMs, pauseUntilMs = 0, limit, alerts, random } = attempt;
  const isCounted = limit !== undefined && !(outcome.status === 'tooLarge' && outcome.asked === false);
  const attemptsAtMs = isCounted ? [...health.attemptsAtMs, nowMs].slice(-limit.count) : health.attemptsAtMs;
  const pausedUntilMs = Math.max(health.pausedUntilMs, pauseUntilMs);
  const mostAlerts = mostAfter(health.mostAlerts, outcome, alerts);
  const size = mostAlerts === undefined ? {} : { mostAlerts };
  switch (outcome.status) {
    case 'misconfigured': {
      const { failures, openSinceMs = nowMs } = health;
      return {
        health: { ...size, attemptsAtMs, pausedUntilMs, failures, openSinceMs, problem: outcome.hint },
        reason: health.openSinceMs === undefined ? 'opened-by-configuration' : 'still-open',
      };
    }
    case 'throttled':
      // It answers, and will take messages again: that is no fault, and does not mend one either.
      return { health: { ...health, attemptsAtMs, pausedUntilMs }, reason: 'told-to-wait' };
    case 'retryable':
    case 'ambiguous': {
      const failures = health.failures + 1;
      const isOpen = health.openSinceMs !== undefined;
      if (!isOpen && failures < FAILURES_TO_OPEN)
        return { health: { ...health, attemptsAtMs, pausedUntilMs, failures }, reason: 'failed' };
      return {
        health: {
          ...size,
          attemptsAtMs,
          pausedUntilMs: Math.max(pausedUntilMs, nowMs + backoffMs(failures, random)),
          failures,
          openSinceMs: health.openSinceMs ?? nowMs,
          problem: outcome.detail,
        },
        reason: isOpen ? 'still-open' : 'opened-by-failures',
      };
    }
    case 'sent':
    case 'tooLarge':
    case 'rejectedContent':
    case 'partial':
    default:
      return { health: { ...size, attemptsAtMs, pausedUntilMs, failures: 0 }, reason: 'answered' };
  }
}

/** Halved by a refusal, so that the parts are not put together again; grows a little with each full message. */
function mostAfter(most: number | undefined, { status }: Outcome, alerts: number): number | undefined {
  if (status === 'tooLarge') return Math.max(1, Math.ceil(alerts / 2));
  return most !== undefined && status === 'sent' && alerts >= most ? Math.ceil(most * 1.1) : most;
}

/** A service that wants silence for longer, such as until tomorrow, is of as little use as one that is down. */
const LONG_PAUSE_MS = 900_000;

/** Whether others should tell what waits for a channel: its breaker is open, or it is quiet for long. */
export function needsFallback({ openSinceMs, pausedUntilMs }: ChannelHealth, nowMs: number): boolean {
  return openSinceMs !== undefined || pausedUntilMs - nowMs > LONG_PAUSE_MS;
}

/** The same after the clock was set: what is to come is as far away as before, and so is what was. */
export function shiftHealth(health: ChannelHealth, byMs: number): ChannelHealth {
  return {
    ...health,
    attemptsAtMs: health.attemptsAtMs.map((atMs) => atMs + byMs),
    pausedUntilMs: health.pausedUntilMs === 0 ? 0 : health.pausedUntilMs + byMs,
    ...(health.openSinceMs === undefined ? {} : { openSinceMs: health.openSinceMs + byMs }),
  };
}
