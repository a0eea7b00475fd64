import type { Clock, Logger } from '@tidewatch/core';
import { abortable } from '../abortable.ts';
import type { Channel, NotifiedAlert, Notification } from '../channels/channel.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Records, StateStore } from '../store/state-store.ts';
import { afterOutcome, type Consequence } from './after-outcome.ts';
import {
  afterAttempt,
  needsFallback,
  newChannelHealth,
  shiftHealth,
  type ChannelHealth,
} from './channel-health.ts';
import { laneOf, type Entry } from './entry.ts';
import { digestOf } from './merge.ts';
import { isOutcome, type Outcome } from './outcome.ts';
import { planSend, type SendPlan } from './plan-send.ts';
import { createQueue, type Queue, type StoredEntry } from './queue.ts';
import { redact } from './redact.ts';

/** One attempt, as the metrics and the trail of an alert hear of it. */
export interface Attempt {
  readonly channel: string;
  readonly notification: Notification;
  readonly outcome: Outcome;
  readonly consequence: Consequence['reason'];
  readonly atMs: number;
}

export interface OutboxOptions {
  /** Whatever may be sent to: what the store holds for others waits until they are back. */
  readonly channels: readonly Channel[];
  /** Take what another channel cannot deliver while its breaker is open. @defaultValue none */
  readonly fallback?: readonly Channel[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly onAttempt: (attempt: Attempt) => void;
  /** The present word on an alert that fires; a message that has waited for long says that. @defaultValue none */
  readonly latest?: (fingerprint: string) => NotifiedAlert | undefined;
  /** Told when a send has ended, so that the loop looks again. */
  readonly wake: () => void;
  /** @defaultValue one in memory */
  readonly store?: StateStore;
  /** More waiting notifications than this, a channel, are merged into digests. @defaultValue 500 */
  readonly maxEntries?: number;
  /** An attempt that takes longer is given up on, whatever the channel does with its signal. @defaultValue 60_000 */
  readonly sendTimeoutMs?: number;
}

/** Notifications on their way. It holds no loop: somebody calls `pump`. */
export interface Outbox {
  enqueue(channel: Channel, notification: Notification, nowMs: number): void;
  /**
   * Instead of `enqueue` for a repetition: what waits already is as good, for it says what holds when it is sent.
   *
   * @returns false when something of it does not wait
   */
  renew(channel: Channel, alerts: readonly NotifiedAlert[], nowMs: number): boolean;
  /** Starts what may be sent now. @returns when to call again; absent when only a finished send can change anything. */
  pump(nowMs: number): number | undefined;
  isSending(): boolean;
  /** Resolves when no send is in flight. */
  settled(): Promise<void>;
  /** Waiting notifications, by channel name. */
  waiting(): ReadonlyMap<string, { readonly count: number; readonly oldestAtMs: number | undefined }>;
  /** What each channel is about to do, and what is known of it. */
  lanes(nowMs: number): readonly LaneView[];
  /** The clock was set by so much: what waits goes on waiting as long as before. */
  shift(byMs: number): void;
  /** Stops the sends in flight. */
  abort(reason: Error): void;
}

/** A channel as `explain` and the meta-alerts see it. */
export interface LaneView {
  readonly channel: Channel;
  readonly health: ChannelHealth;
  readonly plan: SendPlan;
  /** Whether a message about this alert waits. */
  readonly holds: (fingerprint: string) => boolean;
}

interface Lane {
  readonly channel: Channel;
  /** What the store calls it: its name, which another channel may have too. */
  readonly key: string;
  readonly queue: Queue;
  health: ChannelHealth;
  inFlight: Promise<void> | undefined;
}

/** At least once: a message leaves the store when the service has proved that it took it, and not before. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { channels, fallback = [], clock, logger, random, onAttempt, latest, wake } = options;
  const { store = createMemoryStore(), maxEntries = 500, sendTimeoutMs = 60_000 } = options;
  const lanes = new Map<Channel, Lane>();
  const stop = new AbortController();

  restore();
  store.beforeCommit(() => {
    for (const { queue } of lanes.values()) queue.save();
  });

  function restore(): void {
    const keys = new Set<string>();
    for (const channel of new Set([...channels, ...fallback])) {
      let key = channel.name;
      for (let number = 2; keys.has(key); number++) key = `${channel.name}#${number}`;
      keys.add(key);
      const rows = [...store.rows('outbox')].filter(([, row]) => row.channel === key);
      const waiting = rows.map(([rowKey, { order, sending, entry }]): StoredEntry => {
        const notification = { ...entry.notification, possiblyRepeated: true };
        return { key: rowKey, order, entry: sending ? { ...entry, notification } : entry };
      });
      const nowMs = clock.now();
      const stored: Records['channel'] = store.rows('channel').get(key) ?? newChannelHealth;
      const { memory, ...known } = stored;
      if (memory !== undefined) channel.memory?.restore(memory);
      // The attempts that the last process began may have been counted by the service.
      const begun = rows.filter(([, { sending }]) => sending && channel.limit !== undefined).map(() => nowMs);
      const health = { ...known, attemptsAtMs: [...known.attemptsAtMs, ...begun] };
      const queue = createQueue(key, store, maxEntries, waiting);
      lanes.set(channel, { channel, key, queue, health, inFlight: undefined });
    }
  }

  function saveHealth({ channel, key, health }: Lane): void {
    const memory = channel.memory?.recall();
    store.put('channel', key, memory === undefined ? health : { ...health, memory });
  }

  function put(channel: Channel, entry: Entry): void {
    const lane = lanes.get(channel);
    if (lane === undefined) throw new RangeError(`the outbox does not know the channel ${channel.name}`);
    lane.queue.add(entry);
    if (needsFallback(lane.health, clock.now())) fallBack(lane);
  }

  /** Gives what waits for a channel that does not work to the first one that does, once. */
  function fallBack(lane: Lane): void {
    if (fallback.includes(lane.channel)) return;
    const isUsable = (one: Channel): boolean => {
      const health = lanes.get(one)?.health;
      return health === undefined || !needsFallback(health, clock.now());
    };
    const other = fallback.find(isUsable);
    if (other === undefined) return;
    for (const entry of lane.queue.entries()) {
      if (entry.fellBack === true) continue;
      const { recipients: _, ...notification } = entry.notification;
      put(other, { ...entry, notification, notBeforeMs: clock.now(), attempts: 0 });
    }
    lane.queue.replaceAll((entry) => (entry.fellBack === true ? entry : { ...entry, fellBack: true }));
  }

  async function attempt(lane: Lane, entry: Entry): Promise<void> {
    const { channel } = lane;
    // What is about to be sent is on disk as such: a process that dies now leaves a message that may be repeated.
    await store.commit();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(sendTimeoutMs)]);
    const outcome = await sendSafely(channel, entry.notification, signal);
    const nowMs = clock.now();
    const consequence = afterOutcome(entry, outcome, nowMs, random());
    lane.queue.putBack(consequence.entries);
    // A send that was stopped by us says nothing of the service.
    const { health, reason } = stop.signal.aborted
      ? { health: lane.health, reason: 'failed' }
      : afterAttempt(lane.health, outcome, {
          // The end of the attempt counts: the service may have seen it as late as this.
          nowMs,
          pauseUntilMs: consequence.pauseUntilMs,
          limit: channel.limit,
          alerts: entry.notification.alerts.length,
          random: random(),
        });
    lane.health = health;
    saveHealth(lane);
    report(channel.name, entry, outcome, consequence.reason);
    onAttempt({
      channel: channel.name,
      notification: entry.notification,
      outcome,
      consequence: consequence.reason,
      atMs: nowMs,
    });
    if (reason.startsWith('opened'))
      logger.error({ channel: channel.name, reason }, 'a channel does not work');
    if (needsFallback(health, nowMs)) fallBack(lane);
    await store.commit();
  }

  function report(channel: string, entry: Entry, outcome: Outcome, consequence: Consequence['reason']): void {
    if (outcome.status === 'sent') return;
    const fields = { channel, attempt: entry.attempts + 1, ...outcome, consequence };
    const isSerious = consequence === 'gave-up' || outcome.status === 'misconfigured';
    if (isSerious) logger.error(fields, 'a notification was not delivered');
    else logger.warn(fields, 'a notification was not delivered yet');
  }

  function start(lane: Lane, planned: Entry, taken: readonly Entry[]): void {
    const entry = upToDate(planned);
    lane.queue.take(taken, entry);
    lane.inFlight = attempt(lane, entry).finally(() => {
      lane.inFlight = undefined;
      wake();
    });
  }

  /** Values and texts as they are now; what another program has raised is as it was. */
  function upToDate(entry: Entry): Entry {
    const { notification } = entry;
    const alerts = notification.alerts.map((alert) => {
      const isOurs = alert.status === 'firing' && alert.expr !== '';
      return isOurs ? (latest?.(alert.fingerprint) ?? alert) : alert;
    });
    return { ...entry, notification: { ...notification, alerts } };
  }

  function planOf({ queue, health, channel }: Lane, nowMs: number): SendPlan {
    const { attemptsAtMs, pausedUntilMs, mostAlerts } = health;
    const state = { entries: queue.entries(), attemptsAtMs, pausedUntilMs, mostAlerts, limit: channel.limit };
    return planSend(state, nowMs);
  }

  return {
    enqueue(channel, notification, nowMs) {
      put(channel, {
        notification,
        lane: laneOf(notification),
        enqueuedAtMs: nowMs,
        refreshedAtMs: nowMs,
        notBeforeMs: nowMs,
        attempts: 0,
      });
    },
    renew: (channel, alerts, nowMs) => lanes.get(channel)?.queue.renew(alerts, nowMs) ?? false,
    pump(nowMs) {
      let nextMs = Number.POSITIVE_INFINITY;
      if (stop.signal.aborted) return undefined;
      for (const lane of lanes.values()) {
        if (lane.inFlight !== undefined) continue;
        const plan = planOf(lane, nowMs);
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
      for (const { channel, queue } of lanes.values()) {
        const { count = 0, oldestAtMs } = counts.get(channel.name) ?? {};
        let oldest = oldestAtMs;
        for (const { enqueuedAtMs } of queue.entries())
          oldest = Math.min(enqueuedAtMs, oldest ?? enqueuedAtMs);
        counts.set(channel.name, { count: count + queue.size, oldestAtMs: oldest });
      }
      return counts;
    },
    lanes: (nowMs) =>
      [...lanes.values()].map((lane) => ({
        channel: lane.channel,
        health: lane.health,
        plan: planOf(lane, nowMs),
        holds: (fingerprint) => lane.queue.holds(fingerprint),
      })),
    shift(byMs) {
      for (const lane of lanes.values()) {
        lane.health = shiftHealth(lane.health, byMs);
        saveHealth(lane);
        lane.queue.replaceAll((entry) => ({
          ...entry,
          enqueuedAtMs: entry.enqueuedAtMs + byMs,
          refreshedAtMs: entry.refreshedAtMs + byMs,
          notBeforeMs: entry.notBeforeMs + byMs,
        }));
      }
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
    if (isOutcome(answer)) return withoutSecrets(answer);
    return { status: 'ambiguous', detail: 'the channel answered something that is no outcome' };
  } catch (error) {
    const kind = error instanceof Error ? redact(error.name) : 'not an Error';
    return {
      status: 'ambiguous',
      detail: signal.aborted ? 'stopped while sending' : `the channel threw (${kind})`,
    };
  }
}

/** What a channel says of an answer goes into logs, alerts and the store. */
function withoutSecrets(outcome: Outcome): Outcome {
  if ('detail' in outcome) return { ...outcome, detail: redact(outcome.detail) };
  return outcome.status === 'misconfigured' ? { ...outcome, hint: redact(outcome.hint) } : outcome;
}
