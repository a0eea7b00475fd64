import type { RateLimit } from '../channels/channel.ts';
import type { Entry } from './entry.ts';
import { MAX_DIGEST_ALERTS } from './merge.ts';

export type SendPlan =
  | { readonly action: 'send'; readonly entry: Entry; readonly reason: 'in-order' | 'critical-first' }
  | { readonly action: 'digest'; readonly entries: readonly Entry[]; readonly reason: 'more-than-the-limit' }
  | { readonly action: 'wait'; readonly untilMs: number; readonly reason: 'limit' | 'paused' | 'not-yet-due' }
  | { readonly action: 'rest'; readonly reason: 'empty' };

/** What is known of a channel at the time of the decision. */
export interface ChannelState {
  /** Waiting, oldest first. */
  readonly entries: readonly Entry[];
  /** When the attempts of the last window ended, oldest first. */
  readonly attemptsAtMs: readonly number[];
  readonly limit: RateLimit | undefined;
  /** Nothing is sent before this time: the service asked for silence, or a person has to mend something. */
  readonly pausedUntilMs: number;
  /** What fits into one message, as far as that is known. */
  readonly mostAlerts?: number | undefined;
}

/** This part of the limit is left to critical alerts and digests, at least one message. */
const RESERVED_FRACTION = 0.15;

/**
 * What a channel does next. When more waits than the limit lets through, all that waits becomes one digest:
 * retrying into a throttle only prolongs it, and a queue makes a storm's last alert half an hour late.
 */
export function planSend(state: ChannelState, nowMs: number): SendPlan {
  const { entries, attemptsAtMs, limit, pausedUntilMs, mostAlerts = MAX_DIGEST_ALERTS } = state;
  if (entries.length === 0) return { action: 'rest', reason: 'empty' };
  if (nowMs < pausedUntilMs) return { action: 'wait', untilMs: pausedUntilMs, reason: 'paused' };
  const due = entries.filter(({ notBeforeMs }) => notBeforeMs <= nowMs);
  if (due.length === 0) {
    const untilMs = Math.min(...entries.map(({ notBeforeMs }) => notBeforeMs));
    return { action: 'wait', untilMs, reason: 'not-yet-due' };
  }
  const critical = due.find(({ lane }) => lane === 'critical');
  const next = critical ?? due[0];
  if (next === undefined) return { action: 'rest', reason: 'empty' };
  const reason = critical === undefined ? 'in-order' : 'critical-first';
  if (limit === undefined) return { action: 'send', entry: next, reason };

  const inWindow = attemptsAtMs.filter((atMs) => atMs > nowMs - limit.perMs);
  const free = limit.count - inWindow.length;
  const freesAtMs = (inWindow[Math.max(inWindow.length - limit.count, 0)] ?? nowMs) + limit.perMs;
  if (free <= 0) return { action: 'wait', untilMs: freesAtMs, reason: 'limit' };
  const criticalCount = due.filter(({ lane }) => lane === 'critical').length;
  if (critical !== undefined && criticalCount <= free) return { action: 'send', entry: critical, reason };
  const reserved = limit.count < 2 ? 0 : Math.max(1, Math.floor(limit.count * RESERVED_FRACTION));
  if (due.length <= free - reserved) return { action: 'send', entry: next, reason };
  return {
    action: 'digest',
    entries: oneDigest(due, Math.min(mostAlerts, MAX_DIGEST_ALERTS)),
    reason: 'more-than-the-limit',
  };
}

/** As many as one digest takes, the critical ones before all others. */
function oneDigest(due: readonly Entry[], most: number): readonly Entry[] {
  const inTurn = [
    ...due.filter(({ lane }) => lane === 'critical'),
    ...due.filter(({ lane }) => lane !== 'critical'),
  ];
  let alerts = 0;
  return inTurn.filter((entry, index) => {
    alerts += entry.notification.alerts.length;
    return index === 0 || alerts <= most;
  });
}
