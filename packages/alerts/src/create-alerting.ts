import { createMetricProducer, guardedLogger, silentLogger, systemClock } from '@tidewatch/core';
import { toAlert, toNotifiedAlert } from './alert.ts';
import type { Alerting, AlertingOptions } from './alerting.ts';
import { createAlertsCounters } from './alerts-metrics.ts';
import type { NotifiedAlert } from './channels/channel.ts';
import { checkOptions } from './check-options.ts';
import { toMessages } from './delivery/to-messages.ts';
import { createLosses } from './delivery/losses.ts';
import { createOutbox, type Attempt } from './delivery/outbox.ts';
import { explainNow } from './explain.ts';
import { createHistory, episodeOf } from './history.ts';
import { metaCandidates, metaRuleFile } from './meta-alerts.ts';
import { createPace } from './pace.ts';
import { createDispatcher, type Flush } from './routing/dispatcher.ts';
import { createEscalations, type EscalationSubject } from './routing/escalation.ts';
import { inhibitionOf, type Inhibition, type InhibitRule } from './routing/inhibit.ts';
import { toMatcher } from './routing/matcher.ts';
import { resolveRoute } from './routing/route.ts';
import type { NotifyReason } from './routing/should-notify.ts';
import { createSilences } from './routing/silences.ts';
import type { AlertInstance } from './rules/alert-instance.ts';
import { evaluateRule, type Evaluated } from './rules/evaluator.ts';
import { loadRules } from './rules/load-rules.ts';
import { createRuleBook, type GroupSchedule } from './rules/rule-book.ts';
import type { RuleFile } from './rules/rule.ts';
import { toRulesJson } from './rules/rules-json.ts';
import { stepWith } from './rules/step.ts';
import { openDurableStore } from './store/durable-store.ts';
import { createMemoryStore } from './store/memory-store.ts';
import { createTrail, type Stage } from './trail.ts';

/** Timers beyond 2^31 ms fire at once. */
const MAX_SLEEP_MS = 3_600_000;
/** The clock was set when it moved by more than this against the one that cannot be set. */
const CLOCK_STEP_MS = 1000;
/** Changes of alerts that are told in one piece, so that no turn of the event loop gets long. */
const CHANGES_A_TURN = 100;
/** How long the last commit may take when the time to close is over. */
const LAST_COMMIT_MS = 2000;

/**
 * Evaluates Prometheus rules in process and delivers what they raise. The only loop of this package is here.
 *
 * @throws {@link ConfigError} for a rule file that cannot be used, a route to a receiver that does not exist, or a
 * folder that another process has.
 */
export async function createAlerting(options: AlertingOptions): Promise<Alerting> {
  const { query, receivers, onSeries = () => {}, locale = 'en', externalUrl = '' } = options;
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
  const load = (rules: AlertingOptions['rules']): RuleFile[] => [
    ...[rules].flat().map((one) => (typeof one === 'string' ? loadRules(one) : one)),
    ...(metaAlerts === 'notify' ? [metaRuleFile] : []),
  ];
  const files = load(options.rules);
  const channels = [...new Set(Object.values(receivers).flat())];
  const { store: place = 'memory' } = options;
  const store =
    place === 'memory' ? createMemoryStore() : await openDurableStore({ folder: place.dir, clock, logger });

  const counters = createAlertsCounters(
    files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.map(({ name }) => name))),
    [...new Set([...channels, ...fallback])].map(({ name }) => name),
  );
  const trail = createTrail();
  const history = createHistory(store);
  const silences = createSilences(() => clock.now(), store);
  const escalations = createEscalations(options.escalations ?? [], store);
  const dispatcher = createDispatcher(root, { store });
  const losses = createLosses();
  const outbox = createOutbox({
    channels,
    fallback,
    clock,
    logger,
    random,
    onAttempt,
    store,
    wake: () => wake.abort(),
  });
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
  takeUp();

  const isMeta = ({ group }: GroupSchedule): boolean => group.source === metaRuleFile.source;
  const schedules = (): GroupSchedule[] => book.schedules.filter((schedule) => !isMeta(schedule));

  /** Goes on where the last process ended. */
  function takeUp(): void {
    const nowMs = clock.now();
    for (const instance of book.present()) {
      const alert = book.firing(instance.fingerprint);
      if (alert !== undefined) put(alert.instance, alert.rule.expr, nowMs);
      // A rule that could not be evaluated has not been evaluated since.
      const { alertname, rule_group: group } = instance.labels;
      if (alertname !== 'AlertsEvaluationFailing' || instance.state !== 'firing') continue;
      for (const state of book.schedules.find((one) => one.group.name === group)?.states ?? [])
        state.failures = Number.POSITIVE_INFINITY;
    }
    endOrphans(orphans, nowMs);
    dispatcher.save();
  }

  function endOrphans(gone: typeof orphans, nowMs: number): void {
    for (const { instance, reason } of gone) {
      note(instance.fingerprint, 'evaluate', instance.labels['alertname'] ?? '', reason, nowMs);
      end(instance, '', nowMs);
    }
    dispatcher.save();
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
    await tell(evaluated, atMs);
  }

  /** What is kept of an alert and what is told of it are one transaction: no rest in between. */
  async function tell(evaluated: Evaluated, atMs: number): Promise<void> {
    const { rule } = evaluated.state;
    for (const { fingerprint, to, reason } of evaluated.transitions) {
      note(fingerprint, 'evaluate', rule.name, reason, atMs);
      logger.info({ ruleName: rule.name, fingerprint, to, reason }, 'an alert changed');
    }
    let changes = 0;
    for (const { instance, isToldOf } of book.keep(evaluated)) {
      if (instance.state === 'resolved') end(instance, rule.expr, atMs);
      else if (isToldOf) put(instance, rule.expr, atMs);
      if (++changes % CHANGES_A_TURN > 0) continue;
      dispatcher.save();
      await pace.rest(16);
    }
    dispatcher.save();
  }

  function put(instance: AlertInstance, expr: string, atMs: number): void {
    const alert = toNotifiedAlert(instance, expr);
    if (alert === undefined) return;
    const taken = dispatcher.put(alert, atMs);
    for (const receiver of taken) note(alert.fingerprint, 'route', receiver, 'matched', atMs);
  }

  function end(instance: AlertInstance, expr: string, atMs: number): void {
    history.addResolved(instance);
    put(instance, expr, atMs);
    const told = escalations.end(episodeOf(instance));
    const alert = toNotifiedAlert(instance, expr);
    for (const receiver of alert === undefined ? [] : told)
      escalate(receiver, alert as NotifiedAlert, 'recovered-after-escalation', atMs);
  }

  /** Evaluates the rules about the alerting itself. */
  async function evaluateSelf(nowMs: number): Promise<void> {
    const view = {
      schedules: schedules(),
      lanes: outbox.lanes(nowMs),
      store: store.health(),
      lost: losses.lastHour(nowMs),
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
      await tell({ state, before, instances, transitions, failed: false, refused, templateErrors }, nowMs);
    }
  }

  async function flush(nowMs: number): Promise<void> {
    let inhibition: Inhibition | undefined;
    const isQuiet = ({ fingerprint, labels }: NotifiedAlert): boolean => {
      const isSilenced = silences.find(labels, nowMs) !== undefined;
      inhibition ??= inhibitionNow();
      if (!isSilenced && inhibition(labels) === undefined) return false;
      note(fingerprint, 'dedup', '', isSilenced ? 'silenced' : 'inhibited', nowMs);
      counters.suppressed(isSilenced ? 'silenced' : 'inhibited');
      return true;
    };
    const latest = (fingerprint: string): NotifiedAlert | undefined => {
      const alert = book.firing(fingerprint);
      return alert && toNotifiedAlert(alert.instance, alert.rule.expr);
    };
    for (const due of dispatcher.flush(nowMs, { isQuiet, latest })) {
      if (due.notify) notify(due, nowMs);
      dispatcher.save();
      await pace.rest(1 + due.alerts.length / 16);
    }
    escalateAll(nowMs, isQuiet);
  }

  function inhibitionNow(): Inhibition {
    if (inhibitRules.length === 0) return () => undefined;
    const firing = book.present().filter(({ state }) => state === 'firing');
    return inhibitionOf(
      firing.map(({ labels }) => labels),
      inhibitRules,
    );
  }

  function notify({ receiver, groupKey, groupLabels, reason, alerts }: Flush, nowMs: number): void {
    for (const { fingerprint } of alerts) note(fingerprint, 'dedup', receiver, reason, nowMs);
    send(receiver, { groupKey, groupLabels, reason }, alerts, nowMs);
  }

  function send(
    receiver: string,
    group: { groupKey: string; groupLabels: NotifiedAlert['labels']; reason: NotifyReason },
    alerts: readonly NotifiedAlert[],
    nowMs: number,
  ): void {
    const shown = { receiver, locale, timeZone, externalUrl };
    for (const channel of receivers[receiver] ?? []) {
      for (const message of toMessages({ ...group, ...shown }, alerts, channel, nowMs))
        outbox.enqueue(channel, message, nowMs);
    }
  }

  function subjectOf({ fingerprint, labels, startsAtMs }: NotifiedAlert): EscalationSubject {
    return { episode: `${fingerprint}@${startsAtMs}`, labels, firedAtMs: startsAtMs };
  }

  function escalateAll(nowMs: number, isQuiet: (alert: NotifiedAlert) => boolean): void {
    if ((options.escalations ?? []).length === 0) return;
    for (const { fingerprint } of book.present()) {
      const firing = book.firing(fingerprint);
      const alert = firing && toNotifiedAlert(firing.instance, firing.rule.expr);
      if (alert === undefined || isQuiet(alert)) continue;
      for (const receiver of escalations.due(subjectOf(alert), nowMs))
        escalate(receiver, alert, 'not-acknowledged', nowMs);
    }
  }

  function escalate(receiver: string, alert: NotifiedAlert, reason: NotifyReason, nowMs: number): void {
    note(alert.fingerprint, 'escalate', receiver, reason, nowMs);
    const groupKey = `escalation:${receiver}:${alert.fingerprint}`;
    send(receiver, { groupKey, groupLabels: {}, reason }, [alert], nowMs);
  }

  function onAttempt({ channel, notification, outcome, consequence, atMs }: Attempt): void {
    counters.attempted(channel, outcome.status);
    if (consequence === 'gave-up') {
      counters.lost(channel);
      losses.add(channel, atMs);
    }
    const reason = consequence === 'delivered' ? 'sent' : `${outcome.status}, ${consequence}`;
    for (const { fingerprint, status, startsAtMs, endsAtMs = startsAtMs } of notification.alerts) {
      note(fingerprint, 'send', channel, reason, atMs);
      if (outcome.status !== 'sent') continue;
      const isKnown = history.addDelivery(fingerprint, startsAtMs, channel);
      if (!isKnown || status === 'resolved') counters.delivered(channel, Math.max(0, atMs - endsAtMs) / 1000);
    }
  }

  function note(fingerprint: string, stage: Stage, subject: string, reason: string, atMs: number): void {
    trail.note(fingerprint, { stage, subject, reason, atMs });
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
    dispatcher.shift(stepMs);
    outbox.shift(stepMs);
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
    await flush(atMs);
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
    const firing = options.escalations === undefined ? [] : book.present();
    const subjects = firing.flatMap((instance) => {
      const alert = toNotifiedAlert(instance, '');
      return alert === undefined ? [] : [subjectOf(alert)];
    });
    const dues = [outbox.pump(nowMs), dispatcher.nextDueMs(), escalations.nextDueMs(subjects)];
    let nextMs = nowMs + Math.min(MAX_SLEEP_MS, lease?.renewMs ?? MAX_SLEEP_MS);
    for (const due of dues) nextMs = Math.min(nextMs, due ?? nextMs);
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
    await Promise.race([store.close(), after(LAST_COMMIT_MS)]);
  }

  const close = (): Promise<void> => (closing ??= stopAll());
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
        toAlert(instance, history.deliveredTo(instance), escalations.acknowledgedBy(episodeOf(instance))),
      ),
    rules: () => toRulesJson(schedules(), intervalMs),
    silence(matchers, untilMs, comment) {
      const silence = silences.add(matchers, untilMs, comment);
      void store.commit();
      return silence;
    },
    explain(fingerprint) {
      const firing = book.firing(fingerprint);
      const alert = firing && toNotifiedAlert(firing.instance, firing.rule.expr);
      if (alert === undefined) return trail.of(fingerprint);
      const nowMs = clock.now();
      const view = {
        groups: dispatcher.groupsOf(alert),
        inhibitedBy: inhibitionNow()(alert.labels),
        silence: silences.find(alert.labels, nowMs),
        lanes: outbox.lanes(nowMs),
      };
      return trail.of(fingerprint, explainNow(alert, view, nowMs));
    },
    acknowledge(fingerprint, by) {
      const firing = book.firing(fingerprint);
      if (firing === undefined || !escalations.acknowledge(episodeOf(firing.instance), by)) return false;
      void store.commit();
      return true;
    },
    async reload(rules = options.rules) {
      const next = load(rules);
      await inTurn(async () => {
        endOrphans(book.replace(next, clock.now()), clock.now());
        await store.commit();
      });
      wake.abort();
    },
    metricProducer: createMetricProducer({
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
    }),
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
