import {
  createMetricProducer,
  guardedLogger,
  publishToMeter,
  silentLogger,
  systemClock,
} from '@tidewatch/core';
import { toAlert } from './alert.ts';
import type { Alerting, AlertingOptions } from './alerting.ts';
import { createAlertsCounters, alertsMetrics } from './alerts-metrics.ts';
import { checkOptions } from './check-options.ts';
import { metaCandidates, metaRuleFile } from './meta-alerts.ts';
import { createPace } from './pace.ts';
import type { InhibitRule } from './routing/inhibit.ts';
import { toMatcher } from './routing/matcher.ts';
import { resolveRoute } from './routing/route.ts';
import { evaluateRule, type Evaluated } from './rules/evaluator.ts';
import { distinctGroups } from './rules/distinct-groups.ts';
import { loadRules } from './rules/load-rules.ts';
import { createRuleBook, type GroupSchedule } from './rules/rule-book.ts';
import type { RuleFile } from './rules/rule.ts';
import { toRulesJson } from './rules/rules-json.ts';
import { stepWith } from './rules/step.ts';
import { openDurableStore } from './store/durable-store.ts';
import { createMemoryStore } from './store/memory-store.ts';
import { createTeller } from './teller.ts';

/** Timers beyond 2^31 ms fire at once. */
const MAX_SLEEP_MS = 3_600_000;
/** The clock was set when it moved by more than this against the one that cannot be set. */
const CLOCK_STEP_MS = 1000;
/** How long the last commit may take when the time to close is over. */
const LAST_COMMIT_MS = 2000;

/**
 * Evaluates Prometheus rules in process and delivers what they raise. The only loop of this package is here.
 *
 * @throws {@link ConfigError} for a rule file that cannot be used, a route to a receiver that does not exist, or a
 * folder that another process has.
 */
export async function createAlerting(options: AlertingOptions): Promise<Alerting> {
  const { query, receivers, onSeries, locale = 'en', externalUrl = '' } = options;
  const { timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone, intervalMs = 15_000 } = options;
  const { queryTimeoutMs = 10_000, closeTimeoutMs = 5000, clock = systemClock } = options;
  const { random = Math.random, fallback = [], noData = 'resolve', metaAlerts = 'notify', lease } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);

  const root = resolveRoute(options.route);
  checkOptions(
    root,
    receivers,
    timeZone,
    { intervalMs, queryTimeoutMs, closeTimeoutMs },
    options.escalations,
  );
  const inhibitRules = (options.inhibitRules ?? []).map((rule): InhibitRule => ({
    sourceMatchers: rule.sourceMatchers.map(toMatcher),
    targetMatchers: rule.targetMatchers.map(toMatcher),
    equal: rule.equal,
  }));
  const load = (rules: AlertingOptions['rules']): RuleFile[] =>
    distinctGroups([
      ...[rules].flat().map((one) => (typeof one === 'string' ? loadRules(one) : one)),
      ...(metaAlerts === 'notify' ? [metaRuleFile] : []),
    ]);
  const files = load(options.rules);
  const channels = [...new Set(Object.values(receivers).flat())];
  const { store: place = 'memory' } = options;
  const store =
    place === 'memory' ? createMemoryStore() : await openDurableStore({ folder: place.dir, clock, logger });

  const counters = createAlertsCounters(
    files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.map(({ name }) => name))),
    [...new Set([...channels, ...fallback])].map(({ name }) => name),
  );
  const pace = createPace();
  const stop = new AbortController();
  const steadyMs = (): number => clock.monotonic?.() ?? clock.now();
  let wake = new AbortController();
  let running: Promise<void> | undefined;
  let closing: Promise<void> | undefined;
  let turn: Promise<void> = Promise.resolve();
  let clockOffsetMs = clock.now() - steadyMs();
  let isLeading = lease === undefined;

  const { book, orphans } = createRuleBook(files, store, intervalMs, clock.now());
  const teller = createTeller({
    root,
    receivers,
    fallback,
    inhibitRules,
    escalations: options.escalations ?? [],
    frame: { locale, timeZone, externalUrl },
    book,
    store,
    counters,
    pace,
    clock,
    logger,
    random,
    wake: () => wake.abort(),
  });
  const { outbox, history } = teller;
  teller.endOrphans(orphans, clock.now());
  keepBlindness();

  const isMeta = ({ group }: GroupSchedule): boolean => group.source === metaRuleFile.source;
  const schedules = (): GroupSchedule[] => book.schedules.filter((schedule) => !isMeta(schedule));

  /** Rules that the last process could not evaluate have not been evaluated since. */
  function keepBlindness(): void {
    for (const { labels, state } of book.present()) {
      if (labels['alertname'] !== 'AlertsEvaluationFailing' || state !== 'firing') continue;
      const blind = book.schedules.find(({ group }) => group.name === labels['rule_group']);
      for (const one of blind?.states ?? []) one.failures = Number.POSITIVE_INFINITY;
    }
  }

  async function evaluateGroup({ group, states }: GroupSchedule, atMs: number): Promise<void> {
    for (const state of states) {
      if (stop.signal.aborted) return;
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(queryTimeoutMs)]);
      const evaluated = await evaluateRule(
        state,
        group,
        atMs,
        { query, onSeries, externalUrl, noData, pace },
        signal,
      );
      if (!stop.signal.aborted) await take(evaluated, atMs);
      // Queries that hang must not keep back what waits to be tried again.
      outbox.pump(clock.now());
      await pace.rest(2);
    }
  }

  async function take(evaluated: Evaluated, atMs: number): Promise<void> {
    const { state, failed, refused, templateErrors, seriesError } = evaluated;
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
    await teller.take(evaluated, atMs);
  }

  /** Evaluates the rules about the alerting itself. */
  async function evaluateSelf(nowMs: number): Promise<void> {
    const view = {
      schedules: schedules(),
      lanes: outbox.lanes(nowMs),
      store: store.health(),
      lost: teller.losses.lastHour(nowMs),
      noData,
    };
    for (const state of book.schedules.filter(isMeta).flatMap(({ states }) => states)) {
      const { rule, instances: before } = state;
      if (rule.kind !== 'alert') continue;
      const result = stepWith(rule, before, metaCandidates(rule.name, view, locale), nowMs);
      if (result.status !== 'ok') continue;
      state.instances = result.instances;
      state.lastEvaluationMs = nowMs;
      const { transitions, refused, templateErrors } = result;
      const instances = [...result.instances.values()];
      await teller.take(
        { state, before, instances, transitions, failed: false, refused, templateErrors },
        nowMs,
      );
    }
  }

  /** Evaluations never overlap: one that is asked for waits for the one that runs. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    turn = turn
      .then(() => (pace.begin(), work()))
      .catch((error: unknown) => {
        logger.error({ error }, 'a round of the alerting failed');
      });
    return turn;
  }

  /** What waits goes on waiting as long as it would have, when the clock is set. */
  function followClock(): void {
    const offsetMs = clock.now() - steadyMs();
    const stepMs = offsetMs - clockOffsetMs;
    if (Math.abs(stepMs) < CLOCK_STEP_MS) return;
    clockOffsetMs = offsetMs;
    logger.warn({ stepMs }, 'the clock was set');
    book.shift(stepMs);
    teller.shift(stepMs);
  }

  async function round(): Promise<void> {
    followClock();
    isLeading = lease === undefined || (await lease.hold(stop.signal).catch(() => true));
    if (!isLeading) return;
    const nowMs = clock.now();
    const ran = await Promise.all(schedules().map((schedule) => runIfDue(schedule, nowMs)));
    const endMs = clock.now();
    await finish(endMs, endMs, ran.includes(true));
  }

  /** Alerts, what is told of them and the messages are in one transaction. */
  async function finish(atMs: number, beatMs: number, hasEvaluated: boolean): Promise<void> {
    if (stop.signal.aborted) return;
    await evaluateSelf(atMs);
    await teller.flush(atMs);
    if (hasEvaluated) store.put('heartbeat', '', { atMs: beatMs });
    await store.commit();
  }

  async function runIfDue(schedule: GroupSchedule, nowMs: number): Promise<boolean> {
    const interval = schedule.group.intervalMs ?? intervalMs;
    // Further away than an interval: the clock was set back.
    if (schedule.nextMs > nowMs && schedule.nextMs - nowMs <= interval) return false;
    await evaluateGroup(schedule, nowMs);
    const endMs = clock.now();
    const missed = Math.max(0, Math.floor((endMs - nowMs) / interval));
    counters.evaluationsMissed(missed);
    schedule.nextMs = Math.min(nowMs + (missed + 1) * interval, endMs + interval);
    return true;
  }

  async function loop(): Promise<void> {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      await inTurn(round);
      const nowMs = clock.now();
      const signal = AbortSignal.any([stop.signal, wake.signal]);
      await clock.sleep(Math.max(nextTurnMs(nowMs) - nowMs, 1), signal).catch(() => {});
    }
  }

  function nextTurnMs(nowMs: number): number {
    if (!isLeading) return nowMs + (lease?.renewMs ?? intervalMs);
    const mostMs = nowMs + Math.min(MAX_SLEEP_MS, lease?.renewMs ?? MAX_SLEEP_MS);
    let nextMs = Math.min(mostMs, teller.nextDueMs(nowMs));
    for (const schedule of schedules()) nextMs = Math.min(nextMs, schedule.nextMs);
    return nextMs;
  }

  async function sendWhatIsDue(): Promise<void> {
    for (outbox.pump(clock.now()); outbox.isSending(); outbox.pump(clock.now())) await outbox.settled();
  }

  async function stopAll(): Promise<void> {
    stop.abort(new Error('alerting was closed'));
    const expired = after(closeTimeoutMs);
    await Promise.race([Promise.all([running, turn]), expired]);
    if (isLeading) await Promise.race([sendWhatIsDue(), expired]);
    outbox.abort(new Error('alerting was closed'));
    await outbox.settled();
    const unsent = [...outbox.waiting().values()].reduce((sum, { count }) => sum + count, 0);
    if (unsent > 0) logger.warn({ unsent }, 'closed with notifications that were not sent');
    const ends = [store.close(), ...[...channels, ...fallback].map(async (channel) => channel.close?.())];
    await Promise.race([Promise.allSettled(ends), after(LAST_COMMIT_MS)]);
  }

  const metricProducer = createMetricProducer({
    scope: '@tidewatch/alerts',
    clock,
    families() {
      const states = { pending: 0, firing: 0, resolved: history.resolved().length };
      for (const { state } of book.present()) states[state]++;
      const nowMs = clock.now();
      const failing = new Map(
        outbox.lanes(nowMs).map(({ channel, health }) => [channel.name, health.openSinceMs !== undefined]),
      );
      return counters.families({
        states,
        waiting: outbox.waiting(),
        failing,
        store: store.health(),
        nowMs,
      });
    },
  });
  const unpublish =
    options.meter &&
    publishToMeter({ meter: options.meter, producer: metricProducer, definitions: alertsMetrics, clock });
  const close = (): Promise<void> => {
    unpublish?.();
    return (closing ??= stopAll());
  };

  return {
    start() {
      if (!stop.signal.aborted) running ??= loop();
    },
    async evaluate(atMs) {
      await inTurn(async () => {
        for (const schedule of schedules()) await evaluateGroup(schedule, atMs);
        await finish(atMs, atMs, true);
      });
      await sendWhatIsDue();
    },
    alerts: () =>
      [...book.present(), ...history.resolved()].map((instance) =>
        toAlert(instance, history.deliveredTo(instance), teller.acknowledgedBy(instance)),
      ),
    rules: () => toRulesJson(schedules(), intervalMs),
    silence(matchers, untilMs, comment, details) {
      const silence = teller.silences.add(matchers, untilMs, comment, details);
      void store.commit();
      return silence;
    },
    silences: () => teller.silences.list(),
    expireSilence(id) {
      const hasEnded = teller.silences.expire(id);
      void store.commit();
      return hasEnded;
    },
    saved: () => store.commit(),
    async deliver(receiver, group) {
      if (!Object.hasOwn(receivers, receiver)) return false;
      teller.relay(receiver, group, clock.now());
      await store.commit();
      outbox.pump(clock.now());
      return true;
    },
    explain: (fingerprint) => teller.explain(fingerprint, clock.now()),
    acknowledge(fingerprint, by) {
      if (!teller.acknowledge(fingerprint, by)) return false;
      void store.commit();
      return true;
    },
    async reload(rules = options.rules) {
      const next = load(rules);
      await inTurn(async () => {
        teller.endOrphans(book.replace(next, clock.now()), clock.now());
        await store.commit();
      });
      wake.abort();
    },
    metricProducer,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Resolves after real time; keeps no process alive. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    AbortSignal.timeout(ms).addEventListener('abort', () => resolve(), { once: true });
  });
}
