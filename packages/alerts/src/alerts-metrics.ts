import type { MetricDefinition, MetricFamily, NumberPoint } from '@tidewatch/core';
import { outcomeStatuses, type OutcomeStatus } from './delivery/outcome.ts';
import type { StoreHealth } from './store/state-store.ts';

type Row<Kind extends MetricDefinition['kind']> = MetricDefinition & { readonly kind: Kind };

const active: Row<'gauge'> = {
  name: 'alerts_active',
  kind: 'gauge',
  unit: '{alert}',
  help: 'Alerts by state.',
  labels: ['state'],
};
const evaluations: Row<'counter'> = {
  name: 'alerts_evaluations_total',
  kind: 'counter',
  unit: '{evaluation}',
  help: 'Evaluations of rules.',
  labels: [],
};
const failures: Row<'counter'> = {
  name: 'alerts_evaluation_failures_total',
  kind: 'counter',
  unit: '{evaluation}',
  help: 'Evaluations that failed and therefore changed no alert.',
  labels: ['rule'],
};
const missed: Row<'counter'> = {
  name: 'alerts_evaluations_missed_total',
  kind: 'counter',
  unit: '{evaluation}',
  help: 'Evaluations of groups that were skipped because the one before took too long.',
  labels: [],
};
const refused: Row<'counter'> = {
  name: 'alerts_refused_total',
  kind: 'counter',
  unit: '{alert}',
  help: 'New alerts refused because a rule had too many.',
  labels: ['rule'],
};
const templates: Row<'counter'> = {
  name: 'alerts_template_failures_total',
  kind: 'counter',
  unit: '{template}',
  help: 'Templates that failed; the message carried the error text.',
  labels: ['rule'],
};
const suppressed: Row<'counter'> = {
  name: 'alerts_suppressed_total',
  kind: 'counter',
  unit: '{alert}',
  help: 'Alerts held back when their group was told.',
  labels: ['reason'],
};
const notifications: Row<'counter'> = {
  name: 'alerts_notifications_total',
  kind: 'counter',
  unit: '{attempt}',
  help: 'Attempts to send a notification by their outcome.',
  labels: ['channel', 'outcome'],
};
const lost: Row<'counter'> = {
  name: 'alerts_notifications_lost_total',
  kind: 'counter',
  unit: '{notification}',
  help: 'Notifications given up: too old, or refused in their plainest form.',
  labels: ['channel'],
};
const latency: Row<'histogram'> = {
  name: 'alerts_notification_latency_seconds',
  kind: 'histogram',
  unit: 's',
  help: 'Time from the change of an alert to the acceptance of its message.',
  labels: ['channel'],
};
const waiting: Row<'gauge'> = {
  name: 'alerts_outbox_waiting',
  kind: 'gauge',
  unit: '{notification}',
  help: 'Notifications that wait to be sent.',
  labels: ['channel'],
};
const oldest: Row<'gauge'> = {
  name: 'alerts_outbox_oldest_seconds',
  kind: 'gauge',
  unit: 's',
  help: 'Age of the oldest notification that waits; absent when none does.',
  labels: ['channel'],
};

const failing: Row<'gauge'> = {
  name: 'alerts_channel_failing',
  kind: 'gauge',
  unit: '1',
  help: '1 while the breaker of a channel is open: its messages wait.',
  labels: ['channel'],
};
const storeDegraded: Row<'gauge'> = {
  name: 'alerts_store_degraded',
  kind: 'gauge',
  unit: '1',
  help: '1 while the state of the alerting is not safe on disk.',
  labels: [],
};
const storeBytes: Row<'gauge'> = {
  name: 'alerts_store_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'Size of the state of the alerting on disk; 0 in memory.',
  labels: [],
};

/** Every metric of this package: the one place where their names are written. */
export const alertsMetrics: readonly MetricDefinition[] = [
  active,
  evaluations,
  failures,
  missed,
  refused,
  templates,
  suppressed,
  notifications,
  lost,
  latency,
  waiting,
  oldest,
  failing,
  storeDegraded,
  storeBytes,
];

const LATENCY_SECONDS = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** What is read at the time of a collect. */
interface PresentState {
  readonly states: Readonly<Record<'pending' | 'firing' | 'resolved', number>>;
  readonly waiting: ReadonlyMap<string, { readonly count: number; readonly oldestAtMs: number | undefined }>;
  /** Channels by whether their breaker is open. */
  readonly failing: ReadonlyMap<string, boolean>;
  readonly store: StoreHealth;
  readonly nowMs: number;
}

/** The counters of one alerting. Labels come from the configuration, so their number is finite. */
export interface AlertsCounters {
  evaluated(): void;
  evaluationFailed(rule: string): void;
  evaluationsMissed(count: number): void;
  refused(rule: string, count: number): void;
  templatesFailed(rule: string, count: number): void;
  suppressed(reason: 'silenced' | 'inhibited'): void;
  attempted(channel: string, outcome: OutcomeStatus): void;
  lost(channel: string): void;
  delivered(channel: string, latencySeconds: number): void;
  families(present: PresentState): readonly MetricFamily[];
}

/** Counters start at 0 for every rule and channel: a rate needs the zero before the first event. */
export function createAlertsCounters(rules: readonly string[], channels: readonly string[]): AlertsCounters {
  const failed = new Map(rules.map((rule) => [rule, 0]));
  const refusals = new Map(rules.map((rule) => [rule, 0]));
  const templateFailures = new Map(rules.map((rule) => [rule, 0]));
  const suppressions = new Map([
    ['silenced', 0],
    ['inhibited', 0],
  ]);
  const losses = new Map(channels.map((channel) => [channel, 0]));
  const attempts = new Map(
    channels.map((channel) => [channel, new Map(outcomeStatuses.map((outcome) => [outcome, 0]))]),
  );
  const latencies = new Map(
    channels.map((channel) => [
      channel,
      { counts: Array.from({ length: LATENCY_SECONDS.length + 1 }, () => 0), sum: 0 },
    ]),
  );
  let evaluated = 0;
  let skipped = 0;
  const add = (map: Map<string, number>, key: string, count = 1): void => {
    map.set(key, (map.get(key) ?? 0) + count);
  };
  const points = (map: ReadonlyMap<string, number>, label: string): NumberPoint[] =>
    [...map].map(([key, value]) => ({ labels: { [label]: key }, value }));
  return {
    evaluated: () => void evaluated++,
    evaluationFailed: (rule) => add(failed, rule),
    evaluationsMissed: (count) => void (skipped += count),
    refused: (rule, count) => add(refusals, rule, count),
    templatesFailed: (rule, count) => add(templateFailures, rule, count),
    suppressed: (reason) => add(suppressions, reason),
    attempted(channel, outcome) {
      const byOutcome = attempts.get(channel);
      byOutcome?.set(outcome, (byOutcome.get(outcome) ?? 0) + 1);
    },
    lost: (channel) => add(losses, channel),
    delivered(channel, seconds) {
      const histogram = latencies.get(channel);
      if (histogram === undefined) return;
      const found = LATENCY_SECONDS.findIndex((bound) => seconds <= bound);
      const bucket = found === -1 ? LATENCY_SECONDS.length : found;
      histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
      histogram.sum += seconds;
    },
    families({ states, waiting: queues, failing: breakers, store, nowMs }) {
      const ages = [...queues].flatMap(([channel, { oldestAtMs }]) =>
        oldestAtMs === undefined
          ? []
          : [{ labels: { channel }, value: Math.max(0, nowMs - oldestAtMs) / 1000 }],
      );
      return [
        {
          definition: active,
          points: Object.entries(states).map(([state, value]) => ({ labels: { state }, value })),
        },
        { definition: evaluations, points: [{ labels: {}, value: evaluated }] },
        { definition: failures, points: points(failed, 'rule') },
        { definition: missed, points: [{ labels: {}, value: skipped }] },
        { definition: refused, points: points(refusals, 'rule') },
        { definition: templates, points: points(templateFailures, 'rule') },
        { definition: suppressed, points: points(suppressions, 'reason') },
        {
          definition: notifications,
          points: [...attempts].flatMap(([channel, byOutcome]) =>
            [...byOutcome].map(([outcome, value]) => ({ labels: { channel, outcome }, value })),
          ),
        },
        { definition: lost, points: points(losses, 'channel') },
        {
          definition: latency,
          points: [...latencies].map(([channel, { counts, sum }]) => ({
            labels: { channel },
            boundaries: LATENCY_SECONDS,
            counts: [...counts],
            sum,
          })),
        },
        {
          definition: waiting,
          points: [...queues].map(([channel, { count }]) => ({ labels: { channel }, value: count })),
        },
        { definition: oldest, points: ages },
        {
          definition: failing,
          points: [...breakers].map(([channel, isOpen]) => ({ labels: { channel }, value: Number(isOpen) })),
        },
        {
          definition: storeDegraded,
          points: [{ labels: {}, value: Number(store.degraded !== undefined) }],
        },
        { definition: storeBytes, points: [{ labels: {}, value: store.bytes }] },
      ];
    },
  };
}
