import {
  createMetricProducer,
  guardedLogger,
  silentLogger,
  systemClock,
  type Clock,
  type Disposable,
  type InstantQuery,
  type Locale,
  type Logger,
  type MetricProducer,
  type Sample,
} from '@tidewatch/core';
import { toAlert, toNotifiedAlert, type Alert } from './alert.ts';
import { createAlertsCounters } from './alerts-metrics.ts';
import type { Channel, NotifiedAlert } from './channels/channel.ts';
import { checkOptions } from './check-options.ts';
import { createOutbox, type Attempt } from './delivery/outbox.ts';
import type { RelayedGroup } from './relay/relayed-group.ts';
import { createDispatcher, type Flush } from './routing/dispatcher.ts';
import { inhibitedBy, type InhibitRule } from './routing/inhibit.ts';
import { toMatcher, type Matcher } from './routing/matcher.ts';
import { resolveRoute, type Route } from './routing/route.ts';
import { createSilences, type Silence } from './routing/silences.ts';
import type { AlertInstance } from './rules/alert-instance.ts';
import { evaluateRule, newRuleState, type Evaluated, type RuleState } from './rules/evaluator.ts';
import { loadRules } from './rules/load-rules.ts';
import type { RuleFile, RuleGroup } from './rules/rule.ts';
import { toRulesJson, type RulesJson } from './rules/rules-json.ts';
import { createTrail, type ExplainStep, type Stage } from './trail.ts';

export interface AlertingOptions {
  /** Parsed rule files, or their paths. */
  readonly rules: RuleFile | string | readonly (RuleFile | string)[];
  /** Answers the rules' expressions: the embedded engine or a Prometheus server. */
  readonly query: InstantQuery;
  /** The root of the routing tree; its receiver takes what no child takes. */
  readonly route: Route;
  /** Channels by the name of the receiver. */
  readonly receivers: Readonly<Record<string, readonly Channel[]>>;
  readonly inhibitRules?: readonly InhibitRule[];
  /**
   * Takes `ALERTS`, `ALERTS_FOR_STATE` and recorded series: all of one rule at one time. A series of the rule that
   * is no longer listed has ended; what other rules told goes on, so a store needs one axis a rule (`ruleKey`).
   */
  readonly onSeries?: (samples: readonly Sample[], atMs: number, ruleKey: string) => void;
  /** Language of the messages. @defaultValue 'en' */
  readonly locale?: Locale;
  /** IANA name of the zone in which messages show times. @defaultValue the zone of the process */
  readonly timeZone?: string;
  /** Where people look when they get a message; messages link to it. @defaultValue '' */
  readonly externalUrl?: string;
  /** For groups without an interval of their own. @defaultValue 15_000 */
  readonly intervalMs?: number;
  /** A query that takes longer has failed. @defaultValue 10_000 */
  readonly queryTimeoutMs?: number;
  /** How long `close` lets messages in flight finish. @defaultValue 5_000 */
  readonly closeTimeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Uniform in [0, 1); spreads retries. @defaultValue Math.random */
  readonly random?: () => number;
}

/** Rules at work: evaluated, routed, delivered. */
export interface Alerting extends Disposable {
  /** Evaluates from now on, each group at its interval. Safe to call twice. */
  start(): void;
  /**
   * Evaluates every rule once at this time, tells the groups that are due and waits for their messages to be
   * accepted or put off. Never rejects for what queries and channels do.
   *
   * @param atMs - Milliseconds since the Unix epoch; does not go back.
   */
  evaluate(atMs: number): Promise<void>;
  /** Pending and firing alerts, then the last 100 resolved ones, newest first. */
  alerts(): readonly Alert[];
  /** The data of Prometheus's `/api/v1/rules`. */
  rules(): RulesJson;
  /**
   * Keeps matching alerts quiet until then. The recovery of what has been told is told all the same.
   *
   * @throws {@link ConfigError} for a matcher that cannot be read; RangeError when there is none.
   */
  silence(matchers: readonly (string | Matcher)[], untilMs: number, comment: string): Silence;
  /**
   * Tells a receiver of alerts that another program raised, grouped and routed: nothing of that is done here.
   * Resolves when they are taken over; they are then repeated until they are accepted.
   *
   * @returns false when there is no such receiver.
   */
  deliver(receiver: string, group: RelayedGroup): Promise<boolean>;
  /** The way of an alert through all stages, with the last reason at each; empty when it is not known. */
  explain(fingerprint: string): readonly ExplainStep[];
  readonly metricProducer: MetricProducer;
}

interface GroupSchedule {
  readonly group: RuleGroup;
  readonly states: readonly RuleState[];
  nextMs: number;
}

const MAX_RESOLVED = 100;
/** Alerts of which it is remembered who has been told. */
const MAX_DELIVERIES = 20_000;
/** Timers beyond 2^31 ms fire at once. */
const MAX_SLEEP_MS = 3_600_000;

/**
 * Evaluates Prometheus rules in process and delivers what they raise. The only loop of this package is here.
 *
 * @throws {@link ConfigError} for a rule file that cannot be used, or a route to a receiver that does not exist.
 */
export async function createAlerting(options: AlertingOptions): Promise<Alerting> {
  const { query, receivers, onSeries = () => {}, locale = 'en', externalUrl = '' } = options;
  const { timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone, intervalMs = 15_000 } = options;
  const { queryTimeoutMs = 10_000, closeTimeoutMs = 5000, clock = systemClock } = options;
  const { random = Math.random } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);

  const root = resolveRoute(options.route);
  checkOptions(root, receivers, timeZone, { intervalMs, queryTimeoutMs, closeTimeoutMs });
  const inhibitRules = (options.inhibitRules ?? []).map((rule): InhibitRule => ({
    sourceMatchers: rule.sourceMatchers.map(toMatcher),
    targetMatchers: rule.targetMatchers.map(toMatcher),
    equal: rule.equal,
  }));
  const files = [options.rules].flat().map((rules) => (typeof rules === 'string' ? loadRules(rules) : rules));
  const schedules: GroupSchedule[] = files
    .flatMap(({ groups }) => groups)
    .map((group) => ({ group, states: group.rules.map(newRuleState), nextMs: 0 }));
  const channels = [...new Set(Object.values(receivers).flat())];

  const counters = createAlertsCounters(
    schedules.flatMap(({ group }) => group.rules.map(({ name }) => name)),
    channels.map(({ name }) => name),
  );
  const trail = createTrail();
  const silences = createSilences(() => clock.now());
  const dispatcher = createDispatcher(root);
  const outbox = createOutbox({ clock, logger, random, onAttempt, wake: () => wake.abort() });
  const deliveries = new Map<string, Set<string>>();
  let resolvedAlerts: AlertInstance[] = [];

  const stop = new AbortController();
  let wake = new AbortController();
  let running: Promise<void> | undefined;
  let closing: Promise<void> | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function evaluateGroup({ group, states }: GroupSchedule, atMs: number): Promise<void> {
    for (const state of states) {
      if (stop.signal.aborted) return;
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(queryTimeoutMs)]);
      const evaluated = await evaluateRule(state, group, atMs, { query, onSeries, externalUrl }, signal);
      if (!stop.signal.aborted) take(evaluated, atMs);
      // Queries that hang must not keep back what waits to be tried again.
      outbox.pump(clock.now());
    }
  }

  function take(
    { state, failed, instances, transitions, refused, templateErrors, seriesError }: Evaluated,
    atMs: number,
  ): void {
    const { rule, lastError } = state;
    counters.evaluated();
    if (failed) {
      counters.evaluationFailed(rule.name);
      logger.warn(
        { ruleName: rule.name, error: lastError },
        'a rule could not be evaluated; its alerts stay as they are',
      );
      return;
    }
    if (seriesError !== undefined) {
      counters.evaluationFailed(rule.name);
      logger.error({ ruleName: rule.name, error: seriesError }, 'the series of a rule could not be stored');
    }
    if (refused > 0) counters.refused(rule.name, refused);
    if (templateErrors.length > 0) counters.templatesFailed(rule.name, templateErrors.length);
    for (const { fingerprint, to, reason } of transitions) {
      note(fingerprint, 'evaluate', rule.name, reason, atMs);
      logger.info({ ruleName: rule.name, fingerprint, to, reason }, 'an alert changed');
    }
    for (const instance of instances) {
      if (instance.state === 'resolved') remember(instance);
      const alert = toNotifiedAlert(instance, rule.expr);
      if (alert === undefined) continue;
      const taken = dispatcher.put(alert, atMs);
      for (const receiver of taken) note(alert.fingerprint, 'route', receiver, 'matched', atMs);
    }
  }

  function remember(instance: AlertInstance): void {
    resolvedAlerts.unshift(instance);
    for (const forgotten of resolvedAlerts.slice(MAX_RESOLVED)) deliveries.delete(episodeOf(forgotten));
    resolvedAlerts = resolvedAlerts.slice(0, MAX_RESOLVED);
  }

  function flush(nowMs: number): void {
    const firing = present().filter(({ state }) => state === 'firing');
    const firingLabels = firing.map(({ labels }) => labels);
    for (const due of dispatcher.flush(nowMs, (alert) => isQuiet(alert, firingLabels, nowMs))) {
      for (const { fingerprint } of due.alerts) note(fingerprint, 'group', due.receiver, due.reason, nowMs);
      if (due.notify) notify(due, nowMs);
    }
  }

  function isQuiet(alert: NotifiedAlert, firing: readonly AlertInstance['labels'][], nowMs: number): boolean {
    const silence = silences.find(alert.labels, nowMs);
    const source = silence === undefined ? inhibitedBy(alert.labels, firing, inhibitRules) : undefined;
    if (silence !== undefined) note(alert.fingerprint, 'silence', silence.id, 'silenced', nowMs);
    if (source !== undefined)
      note(alert.fingerprint, 'inhibit', source['alertname'] ?? '', 'inhibited', nowMs);
    if (silence === undefined && source === undefined) return false;
    counters.suppressed(silence === undefined ? 'inhibited' : 'silenced');
    return true;
  }

  function notify({ receiver, groupKey, groupLabels, reason, alerts }: Flush, nowMs: number): void {
    for (const channel of receivers[receiver] ?? []) {
      const told =
        channel.resolved === 'silent' ? alerts.filter(({ status }) => status === 'firing') : alerts;
      if (told.length === 0) continue;
      const status = told.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved';
      const id = `${groupKey.replaceAll(/[^\w]+/g, '-')}-${nowMs}`;
      const shown = {
        createdAtMs: nowMs,
        locale,
        timeZone,
        externalUrl,
        possiblyRepeated: false,
        plain: false,
      };
      const group = { receiver, groupKey, status, reason, groupLabels, alerts: told, merged: 1 } as const;
      outbox.enqueue(channel, { id, kind: 'group', ...group, ...shown }, nowMs);
    }
  }

  function onAttempt({ channel, notification, outcome, consequence, atMs }: Attempt): void {
    counters.attempted(channel, outcome.status);
    if (consequence === 'gave-up') counters.lost(channel);
    for (const alert of notification.alerts) {
      note(
        alert.fingerprint,
        'send',
        channel,
        consequence === 'delivered' ? 'sent' : `${outcome.status}, ${consequence}`,
        atMs,
      );
      if (outcome.status !== 'sent') continue;
      const key = `${alert.fingerprint}@${alert.startsAtMs}`;
      const delivered = deliveries.get(key) ?? new Set();
      const isRepetition = alert.status === 'firing' && delivered.has(channel);
      if (!isRepetition)
        counters.delivered(channel, Math.max(0, atMs - (alert.endsAtMs ?? alert.startsAtMs)) / 1000);
      deliveries.set(key, delivered.add(channel));
      // A message may arrive after its alert is forgotten: the bound does not depend on forgetting.
      const [oldest] = deliveries.keys();
      if (deliveries.size > MAX_DELIVERIES && oldest !== undefined) deliveries.delete(oldest);
    }
  }

  function note(fingerprint: string, stage: Stage, subject: string, reason: string, atMs: number): void {
    trail.note(fingerprint, { stage, subject, reason, atMs });
  }

  function present(): AlertInstance[] {
    return schedules
      .flatMap(({ states }) => states.flatMap(({ instances }) => [...instances.values()]))
      .filter(({ state }) => state !== 'resolved');
  }

  /** Evaluations never overlap: one that is asked for waits for the one that runs. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work).catch((error: unknown) => {
      logger.error({ error }, 'a round of the alerting failed');
    });
    return turn;
  }

  async function round(): Promise<void> {
    const nowMs = clock.now();
    await Promise.all(schedules.map((schedule) => runIfDue(schedule, nowMs)));
    flush(clock.now());
  }

  async function runIfDue(schedule: GroupSchedule, nowMs: number): Promise<void> {
    const interval = schedule.group.intervalMs ?? intervalMs;
    // Further away than an interval: the clock was set back.
    if (schedule.nextMs > nowMs && schedule.nextMs - nowMs <= interval) return;
    await evaluateGroup(schedule, nowMs);
    const endMs = clock.now();
    const missed = Math.max(0, Math.floor((endMs - nowMs) / interval));
    counters.evaluationsMissed(missed);
    schedule.nextMs = Math.min(nowMs + (missed + 1) * interval, endMs + interval);
  }

  async function loop(): Promise<void> {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      await inTurn(round);
      const sendMs = outbox.pump(clock.now());
      const dues = [...schedules.map(({ nextMs }) => nextMs), dispatcher.nextDueMs(), sendMs];
      const nextMs = Math.min(...dues.filter((due) => due !== undefined), clock.now() + MAX_SLEEP_MS);
      const signal = AbortSignal.any([stop.signal, wake.signal]);
      await clock.sleep(Math.max(nextMs - clock.now(), 1), signal).catch(() => {});
    }
  }

  async function sendWhatIsDue(): Promise<void> {
    for (outbox.pump(clock.now()); outbox.isSending(); outbox.pump(clock.now())) await outbox.settled();
  }

  async function stopAll(): Promise<void> {
    stop.abort(new Error('alerting was closed'));
    const deadline = AbortSignal.timeout(closeTimeoutMs);
    const expired = new Promise<void>((resolve) => {
      deadline.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([Promise.all([running, turn]), expired]);
    await Promise.race([sendWhatIsDue(), expired]);
    outbox.abort(new Error('alerting was closed'));
    await Promise.race([Promise.allSettled(channels.map(async (channel) => channel.close?.())), expired]);
    const unsent = [...outbox.waiting().values()].reduce((sum, { count }) => sum + count, 0);
    if (unsent > 0) logger.warn({ unsent }, 'closed with notifications that were not sent');
  }

  const close = (): Promise<void> => (closing ??= stopAll());
  return {
    start() {
      if (!stop.signal.aborted) running ??= loop();
    },
    async evaluate(atMs) {
      await inTurn(async () => {
        for (const schedule of schedules) await evaluateGroup(schedule, atMs);
        if (!stop.signal.aborted) flush(atMs);
      });
      await sendWhatIsDue();
    },
    alerts: () =>
      [...present(), ...resolvedAlerts].map((instance) =>
        toAlert(instance, [...(deliveries.get(episodeOf(instance)) ?? [])]),
      ),
    rules: () => toRulesJson(schedules, intervalMs),
    silence: (matchers, untilMs, comment) => silences.add(matchers, untilMs, comment),
    async deliver(receiver, { groupKey, groupLabels, alerts }) {
      if (!Object.hasOwn(receivers, receiver)) return false;
      const nowMs = clock.now();
      for (const { fingerprint } of alerts) note(fingerprint, 'group', receiver, 'relayed', nowMs);
      if (alerts.length > 0)
        notify({ receiver, groupKey, groupLabels, reason: 'relayed', alerts, notify: true }, nowMs);
      outbox.pump(nowMs);
      return true;
    },
    explain: (fingerprint) => trail.of(fingerprint),
    metricProducer: createMetricProducer({
      scope: '@tidewatch/alerts',
      clock,
      families() {
        const states = { pending: 0, firing: 0, resolved: resolvedAlerts.length };
        for (const { state } of present()) states[state]++;
        return counters.families({ states, waiting: outbox.waiting(), nowMs: clock.now() });
      },
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One raising of an alert, from its fire on: the same labels may fire again later. */
function episodeOf({ fingerprint, firedAtMs, activeAtMs }: AlertInstance): string {
  return `${fingerprint}@${firedAtMs ?? activeAtMs}`;
}
