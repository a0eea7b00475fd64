import type { Clock, Logger } from '@tidewatch/core';
import { abortable } from '../abortable.ts';
import type { Channel, Notification } from '../channels/channel.ts';
import { afterOutcome, type Consequence } from './after-outcome.ts';
import { laneOf, type Entry } from './entry.ts';
import { digestOf, reconcile } from './merge.ts';
import { isOutcome, type Outcome } from './outcome.ts';
import { planSend } from './plan-send.ts';

/** One attempt, as the metrics and the trail of an alert hear of it. */
export interface Attempt {
  readonly channel: string;
  readonly notification: Notification;
  readonly outcome: Outcome;
  readonly consequence: Consequence['reason'];
  readonly atMs: number;
}

export interface OutboxOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly onAttempt: (attempt: Attempt) => void;
  /** Told when a send has ended, so that the loop looks again. */
  readonly wake: () => void;
  /** More waiting notifications than this, a channel, are merged into a digest. @defaultValue 500 */
  readonly maxEntries?: number;
  /** An attempt that takes longer is given up on, whatever the channel does with its signal. @defaultValue 60_000 */
  readonly sendTimeoutMs?: number;
}

/** Notifications on their way. It holds no loop: somebody calls `pump`. */
export interface Outbox {
  enqueue(channel: Channel, notification: Notification, nowMs: number): void;
  /** Starts what may be sent now. @returns when to call again; absent when only a finished send can change anything. */
  pump(nowMs: number): number | undefined;
  isSending(): boolean;
  /** Resolves when no send is in flight. */
  settled(): Promise<void>;
  /** Waiting notifications, by channel name. */
  waiting(): ReadonlyMap<string, { readonly count: number; readonly oldestAtMs: number | undefined }>;
  /** Stops the sends in flight. */
  abort(reason: Error): void;
}

interface Lane {
  readonly channel: Channel;
  entries: Entry[];
  attemptsAtMs: number[];
  pausedUntilMs: number;
  inFlight: Promise<void> | undefined;
}

/** An outbox in memory: at least once while the process lives. Each channel sends one message at a time. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { clock, logger, random, onAttempt, wake, maxEntries = 500, sendTimeoutMs = 60_000 } = options;
  const lanes = new Map<Channel, Lane>();
  const stop = new AbortController();

  function laneFor(channel: Channel): Lane {
    const known = lanes.get(channel);
    if (known !== undefined) return known;
    const lane: Lane = { channel, entries: [], attemptsAtMs: [], pausedUntilMs: 0, inFlight: undefined };
    lanes.set(channel, lane);
    return lane;
  }

  async function attempt(lane: Lane, entry: Entry): Promise<void> {
    const { channel } = lane;
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(sendTimeoutMs)]);
    const outcome = await sendSafely(channel, entry.notification, signal);
    const nowMs = clock.now();
    // The end of the attempt counts: the service may have seen it as late as this.
    if (channel.limit !== undefined)
      lane.attemptsAtMs = [...lane.attemptsAtMs, nowMs].slice(-channel.limit.count);
    const consequence = afterOutcome(entry, outcome, nowMs, random());
    putBack(lane, consequence.entries);
    lane.pausedUntilMs = Math.max(lane.pausedUntilMs, consequence.pauseUntilMs ?? 0);
    report(channel.name, entry, outcome, consequence.reason);
    onAttempt({
      channel: channel.name,
      notification: entry.notification,
      outcome,
      consequence: consequence.reason,
      atMs: nowMs,
    });
  }

  /** Puts entries in front of those that came meanwhile, whose word is newer. */
  function putBack(lane: Lane, entries: readonly Entry[]): void {
    const kept: Entry[] = [];
    for (const entry of entries) {
      let rest: Entry | undefined = entry;
      for (const [index, waiting] of lane.entries.entries()) {
        if (rest === undefined) break;
        const { older, newer } = reconcile(rest, waiting);
        rest = older;
        lane.entries[index] = newer;
      }
      if (rest !== undefined) kept.push(rest);
    }
    lane.entries.unshift(...kept);
  }

  function report(channel: string, entry: Entry, outcome: Outcome, consequence: Consequence['reason']): void {
    if (outcome.status === 'sent') return;
    const fields = { channel, attempt: entry.attempts + 1, ...outcome, consequence };
    const isSerious = consequence === 'gave-up' || outcome.status === 'misconfigured';
    if (isSerious) logger.error(fields, 'a notification was not delivered');
    else logger.warn(fields, 'a notification was not delivered yet');
  }

  function start(lane: Lane, entry: Entry, taken: readonly Entry[]): void {
    lane.entries = lane.entries.filter((waiting) => !taken.includes(waiting));
    lane.inFlight = attempt(lane, entry).finally(() => {
      lane.inFlight = undefined;
      wake();
    });
  }

  return {
    enqueue(channel, notification, nowMs) {
      const lane = laneFor(channel);
      let entry: Entry = {
        notification,
        lane: laneOf(notification),
        enqueuedAtMs: nowMs,
        refreshedAtMs: nowMs,
        notBeforeMs: nowMs,
        attempts: 0,
      };
      const kept: Entry[] = [];
      // From the newest on, so that the oldest word is overruled by all the others.
      for (const waiting of lane.entries.toReversed()) {
        const { older, newer } = reconcile(waiting, entry);
        entry = newer;
        if (older !== undefined) kept.unshift(older);
      }
      lane.entries = [...kept, entry];
      if (lane.entries.length > maxEntries) lane.entries = [digestOf(lane.entries, nowMs)];
    },
    pump(nowMs) {
      let nextMs = Number.POSITIVE_INFINITY;
      if (stop.signal.aborted) return undefined;
      for (const lane of lanes.values()) {
        if (lane.inFlight !== undefined) continue;
        const plan = planSend({ ...lane, limit: lane.channel.limit }, nowMs);
        if (plan.action === 'wait') nextMs = Math.min(nextMs, plan.untilMs);
        if (plan.action === 'send') start(lane, plan.entry, [plan.entry]);
        if (plan.action === 'digest') start(lane, digestOf(plan.entries, nowMs), plan.entries);
      }
      return Number.isFinite(nextMs) ? nextMs : undefined;
    },
    isSending: () => [...lanes.values()].some(({ inFlight }) => inFlight !== undefined),
    async settled() {
      await Promise.all([...lanes.values()].map(async ({ inFlight }) => await inFlight));
    },
    waiting() {
      const counts = new Map<string, { count: number; oldestAtMs: number | undefined }>();
      for (const { channel, entries } of lanes.values()) {
        const { count = 0, oldestAtMs } = counts.get(channel.name) ?? {};
        const times = entries.map(({ enqueuedAtMs }) => enqueuedAtMs);
        const oldest = Math.min(...times, oldestAtMs ?? Number.POSITIVE_INFINITY);
        counts.set(channel.name, {
          count: count + entries.length,
          oldestAtMs: Number.isFinite(oldest) ? oldest : undefined,
        });
      }
      return counts;
    },
    abort(reason) {
      stop.abort(reason);
    },
  };
}

/**
 * A channel promises not to throw, to end, and to answer an outcome; a broken one must not stop the others, and its
 * error may quote a secret.
 */
async function sendSafely(
  channel: Channel,
  notification: Notification,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const answer: unknown = await abortable(channel.send(notification, signal), signal);
    if (isOutcome(answer)) return answer;
    return { status: 'ambiguous', detail: 'the channel answered something that is no outcome' };
  } catch (error) {
    const kind = error instanceof Error ? error.name : 'not an Error';
    return {
      status: 'ambiguous',
      detail: signal.aborted ? 'stopped while sending' : `the channel threw (${kind})`,
    };
  }
}
