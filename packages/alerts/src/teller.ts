import type { Clock, Locale, Logger } from '@tidewatch/core';
import { toNotifiedAlert } from './alert.ts';
import type { AlertsCounters } from './alerts-metrics.ts';
import type { Channel, NotifiedAlert, Notification } from './channels/channel.ts';
import { createLosses, type Losses } from './delivery/losses.ts';
import { createOutbox, type Attempt, type Outbox } from './delivery/outbox.ts';
import { toMessages } from './delivery/to-messages.ts';
import { explainEvaluation, explainNow } from './explain.ts';
import { createHistory, episodeOf, type History } from './history.ts';
import type { Pace } from './pace.ts';
import type { RelayedGroup } from './relay/relayed-group.ts';
import { createDispatcher, type Dispatcher } from './routing/dispatcher.ts';
import { createEscalations, type Escalation, type EscalationSubject } from './routing/escalation.ts';
import { inhibitionOf, type Inhibition, type InhibitRule } from './routing/inhibit.ts';
import type { ResolvedRoute } from './routing/route.ts';
import type { NotifyReason } from './routing/should-notify.ts';
import { createSilences, type Silences } from './routing/silences.ts';
import { mutingOf } from './routing/time-interval.ts';
import type { AlertInstance } from './rules/alert-instance.ts';
import type { Evaluated } from './rules/evaluator.ts';
import type { Orphan, RuleBook } from './rules/rule-book.ts';
import type { StateStore } from './store/state-store.ts';
import { createTrail, type ExplainStep, type Stage } from './trail.ts';

export interface TellerOptions {
  readonly root: ResolvedRoute;
  readonly receivers: Readonly<Record<string, readonly Channel[]>>;
  readonly fallback: readonly Channel[];
  readonly inhibitRules: readonly InhibitRule[];
  readonly escalations: readonly Escalation[];
  /** What every message says. */
  readonly frame: { readonly locale: Locale; readonly timeZone: string; readonly externalUrl: string };
  readonly book: RuleBook;
  readonly store: StateStore;
  readonly counters: AlertsCounters;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** Told when a send has ended. */
  readonly wake: () => void;
}

/** The way of a change from the rule to the message: routed, grouped, held back or told. It holds no loop. */
export interface Teller {
  readonly outbox: Outbox;
  readonly silences: Silences;
  readonly history: History;
  readonly losses: Losses;
  /** Takes what an evaluation has changed. */
  take(evaluated: Evaluated, atMs: number): Promise<void>;
  /** Ends alerts whose rule is gone. */
  endOrphans(orphans: readonly Orphan[], nowMs: number): void;
  /** Tells the groups that are due. */
  flush(nowMs: number): Promise<void>;
  /** Hands on what another program has grouped and routed. */
  relay(receiver: string, group: RelayedGroup, nowMs: number): void;
  explain(fingerprint: string, nowMs: number): readonly ExplainStep[];
  /** @returns false when it does not fire, or was taken on before */
  acknowledge(fingerprint: string, by: string): boolean;
  acknowledgedBy(instance: AlertInstance): string | undefined;
  /** When a group, an escalation or a message is due; starts the messages that are. */
  nextDueMs(nowMs: number): number;
  /** The clock was set by so much. */
  shift(byMs: number): void;
}

/** Changes of alerts that are told in one piece, so that no turn of the event loop gets long. */
const CHANGES_A_TURN = 100;

/** Begins where the store has ended: what fired goes on firing, and what was to be told is told. */
export function createTeller(options: TellerOptions): Teller {
  const { root, receivers, inhibitRules, frame, book, store, counters, pace, clock, logger } = options;
  const trail = createTrail();
  const history = createHistory(store);
  const silences = createSilences(() => clock.now(), store);
  const escalations = createEscalations(options.escalations, store);
  const isMuted = (route: ResolvedRoute, nowMs: number): boolean => mutingOf(route, nowMs).muted;
  const dispatcher: Dispatcher = createDispatcher(root, { store, isMuted });
  const losses = createLosses();
  const outbox = createOutbox({
    ...options,
    channels: Object.values(receivers).flat(),
    onAttempt,
    latest: firingAlert,
  });

  /** Who keeps whom quiet since the last evaluation: who explains all alerts need not look at all for each. */
  let inhibition: Inhibition | undefined;

  for (const { fingerprint } of book.present()) {
    const alert = firingAlert(fingerprint);
    if (alert !== undefined) dispatcher.put(alert, clock.now());
  }
  dispatcher.save();

  function note(fingerprint: string, stage: Stage, subject: string, reason: string, atMs: number): void {
    trail.note(fingerprint, { stage, subject, reason, atMs });
  }

  function firingAlert(fingerprint: string): NotifiedAlert | undefined {
    const firing = book.firing(fingerprint);
    return firing && toNotifiedAlert(firing.instance, firing.rule.expr);
  }

  /** What is kept of an alert and what is told of it are one transaction: no rest in between. */
  async function take(evaluated: Evaluated, atMs: number): Promise<void> {
    inhibition = undefined;
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
    const alert = toNotifiedAlert(instance, expr);
    for (const receiver of escalations.end(episodeOf(instance)))
      if (alert !== undefined) escalate(receiver, alert, 'recovered-after-escalation', atMs);
  }

  async function flush(nowMs: number): Promise<void> {
    let inhibitionThen: Inhibition | undefined;
    const isQuiet = ({ fingerprint, labels }: NotifiedAlert): boolean => {
      const isSilenced = silences.find(labels, nowMs) !== undefined;
      inhibitionThen ??= inhibitionNow();
      if (!isSilenced && inhibitionThen(labels) === undefined) return false;
      note(fingerprint, 'dedup', '', isSilenced ? 'silenced' : 'inhibited', nowMs);
      counters.suppressed(isSilenced ? 'silenced' : 'inhibited');
      return true;
    };
    for (const due of dispatcher.flush(nowMs, { isQuiet, latest: firingAlert })) {
      if (due.notify) {
        const { receiver, reason, alerts } = due;
        for (const { fingerprint } of alerts) note(fingerprint, 'dedup', receiver, reason, nowMs);
        send(receiver, due, alerts, nowMs);
      }
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

  function send(
    receiver: string,
    group: { groupKey: string; groupLabels: NotifiedAlert['labels']; reason: NotifyReason },
    alerts: readonly NotifiedAlert[],
    nowMs: number,
  ): void {
    const { groupKey, groupLabels, reason } = group;
    const said = { ...frame, receiver, groupKey, groupLabels, reason };
    // Channels that are told the same share the messages.
    const messages = new Map<Channel['resolved'], readonly Notification[]>();
    for (const channel of receivers[receiver] ?? []) {
      if (reason === 'repeat-interval-elapsed' && outbox.renew(channel, alerts, nowMs)) continue;
      let told = messages.get(channel.resolved);
      if (told === undefined)
        messages.set(channel.resolved, (told = toMessages(said, alerts, channel, nowMs)));
      for (const message of told) outbox.enqueue(channel, message, nowMs);
    }
  }

  function escalateAll(nowMs: number, isQuiet: (alert: NotifiedAlert) => boolean): void {
    if (options.escalations.length === 0) return;
    for (const alert of firingAlerts()) {
      if (isQuiet(alert)) continue;
      for (const receiver of escalations.due(subjectOf(alert), nowMs))
        escalate(receiver, alert, 'not-acknowledged', nowMs);
    }
  }

  function firingAlerts(): NotifiedAlert[] {
    return book.present().flatMap(({ fingerprint }) => firingAlert(fingerprint) ?? []);
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

  function pendingStep(fingerprint: string): ExplainStep[] {
    for (const { rule, instances } of book.schedules.flatMap(({ states }) => states)) {
      const instance = instances.get(fingerprint);
      if (rule.kind === 'alert' && instance?.state === 'pending') return [explainEvaluation(instance, rule)];
    }
    return [];
  }

  /** After a restart no step of the evaluation is remembered; otherwise the one that is says more. */
  function firingStep(fingerprint: string): ExplainStep[] {
    const { rule, instance } = book.firing(fingerprint) ?? {};
    const isKnown = trail.of(fingerprint).some(({ stage }) => stage === 'evaluate');
    return isKnown || rule?.kind !== 'alert' || instance === undefined
      ? []
      : [explainEvaluation(instance, rule)];
  }

  return {
    outbox,
    silences,
    history,
    losses,
    take,
    flush,
    endOrphans(orphans, nowMs) {
      inhibition = undefined;
      for (const { instance, reason } of orphans) {
        note(instance.fingerprint, 'evaluate', instance.labels['alertname'] ?? '', reason, nowMs);
        end(instance, '', nowMs);
      }
      dispatcher.save();
    },
    relay(receiver, group, nowMs) {
      for (const { fingerprint } of group.alerts) note(fingerprint, 'dedup', receiver, 'relayed', nowMs);
      send(receiver, { ...group, reason: 'relayed' }, group.alerts, nowMs);
    },
    explain(fingerprint, nowMs) {
      const alert = firingAlert(fingerprint);
      if (alert === undefined) return trail.of(fingerprint, pendingStep(fingerprint));
      const view = {
        groups: dispatcher.groupsOf(alert),
        inhibitedBy: (inhibition ??= inhibitionNow())(alert.labels),
        silence: silences.find(alert.labels, nowMs),
        lanes: outbox.lanes(nowMs),
      };
      return trail.of(fingerprint, [...firingStep(fingerprint), ...explainNow(alert, view, nowMs)]);
    },
    acknowledge(fingerprint, by) {
      const firing = book.firing(fingerprint);
      return firing !== undefined && escalations.acknowledge(episodeOf(firing.instance), by);
    },
    acknowledgedBy: (instance) => escalations.acknowledgedBy(episodeOf(instance)),
    nextDueMs(nowMs) {
      const subjects = options.escalations.length === 0 ? [] : firingAlerts().map(subjectOf);
      const dues = [outbox.pump(nowMs), dispatcher.nextDueMs(), escalations.nextDueMs(subjects)];
      return Math.min(...dues.map((due) => due ?? Number.POSITIVE_INFINITY));
    },
    shift(byMs) {
      dispatcher.shift(byMs);
      outbox.shift(byMs);
    },
  };
}

/** One raising of an alert. */
function subjectOf({ fingerprint, labels, startsAtMs }: NotifiedAlert): EscalationSubject {
  return { episode: `${fingerprint}@${startsAtMs}`, labels, firedAtMs: startsAtMs };
}
