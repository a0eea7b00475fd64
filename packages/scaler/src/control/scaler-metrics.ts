import type { MetricDefinition, NumberFamily, NumberPoint } from '@tidewatch/core';
import { downReasons, holdReasons, upReasons } from '../policy/decision.ts';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import type { ControllerState } from './controller-state.ts';

const desired = gauge('autoscaler_desired_replicas', '{replica}', 'Replicas wanted.');
const ready = gauge('autoscaler_ready_replicas', '{replica}', 'Replicas that serve.');
const idle = gauge('autoscaler_idle_replicas', '{replica}', 'Ready replicas that had nothing to do lately.');
const value = gauge(
  'autoscaler_metric_value',
  '1',
  'Value compared with the thresholds at the last decision; absent when unknown.',
  ['metric'],
);
const threshold = gauge('autoscaler_metric_threshold', '1', 'Thresholds in force at the last decision.', [
  'metric',
  'direction',
]);
const decisions = counter('autoscaler_decisions_total', '{decision}', 'Decisions by direction and reason.', [
  'direction',
  'reason',
]);
const failures = counter(
  'autoscaler_tick_failures_total',
  '{failure}',
  'Ticks that could not count the replicas (observe) or not change them (scale).',
  ['stage'],
);
const cooldown = gauge('autoscaler_cooldown_remaining_seconds', 's', 'Cooldown left at the last decision.', [
  'direction',
]);
const replicaSeconds = counter(
  'autoscaler_replica_seconds_total',
  's',
  'Time that replicas were kept, starting and draining ones included.',
);
const cost = counter('autoscaler_cost_total', '{currency}', 'Cost of the replicas kept.', ['currency']);
const baselineCost = counter(
  'autoscaler_baseline_cost_total',
  '{currency}',
  'Cost of the same time with the maximum of replicas, for comparison.',
  ['currency'],
);

/** Everything the autoscaler exposes. */
export const scalerMetrics: readonly MetricDefinition[] = [
  desired,
  ready,
  idle,
  value,
  threshold,
  decisions,
  failures,
  cooldown,
  replicaSeconds,
  cost,
  baselineCost,
];

const everyDecision = [
  ...upReasons.map((reason) => ({ direction: 'up', reason })),
  ...downReasons.map((reason) => ({ direction: 'down', reason })),
  ...holdReasons.map((reason) => ({ direction: 'hold', reason })),
];

/** The present series; reading them changes nothing. */
export function scalerFamilies(state: ControllerState, config: AutoscalerConfig): readonly NumberFamily[] {
  const { replicas, lastRecord } = state;
  const inputs = lastRecord?.inputs ?? [];
  return [
    { definition: desired, points: optional(replicas?.desired) },
    { definition: ready, points: optional(replicas?.ready) },
    { definition: idle, points: optional(replicas?.idle) },
    {
      definition: value,
      points: inputs.flatMap((input) => optional(input.value, { metric: input.name })),
    },
    {
      definition: threshold,
      points: (lastRecord === undefined ? config.metrics : inputs).flatMap(({ name, up, down }) => [
        { labels: { metric: name, direction: 'up' }, value: up },
        { labels: { metric: name, direction: 'down' }, value: down },
      ]),
    },
    {
      definition: decisions,
      points: everyDecision.map((labels) => ({
        labels,
        value: state.decisionCounts.get(`${labels.direction} ${labels.reason}`) ?? 0,
      })),
    },
    {
      definition: failures,
      points: (['observe', 'scale'] as const).map((stage) => ({
        labels: { stage },
        value: state.failureCounts[stage],
      })),
    },
    {
      definition: cooldown,
      points: (['up', 'down'] as const).flatMap((direction) => {
        const remainingMs = lastRecord?.cooldownRemainingMs[direction];
        return optional(remainingMs === undefined ? undefined : remainingMs / 1000, { direction });
      }),
    },
    { definition: replicaSeconds, points: optional(state.replicaMs / 1000) },
    ...costFamilies(state, config),
  ];
}

function costFamilies(state: ControllerState, { price }: AutoscalerConfig): readonly NumberFamily[] {
  if (price === undefined) return [];
  const { perReplicaHour, currency } = price;
  const toCost = (replicaMs: number): number => (replicaMs / 3_600_000) * perReplicaHour;
  return [
    { definition: cost, points: optional(toCost(state.replicaMs), { currency }) },
    { definition: baselineCost, points: optional(toCost(state.maximumMs), { currency }) },
  ];
}

/** Absent is no point, never zero. */
function optional(value: number | undefined, labels: Readonly<Record<string, string>> = {}): NumberPoint[] {
  return value === undefined ? [] : [{ labels, value }];
}

function gauge(
  name: string,
  unit: string,
  help: string,
  labels: readonly string[] = [],
): MetricDefinition & { readonly kind: 'gauge' } {
  return { name, kind: 'gauge', unit, help, labels };
}

function counter(
  name: string,
  unit: string,
  help: string,
  labels: readonly string[] = [],
): MetricDefinition & { readonly kind: 'counter' } {
  return { name, kind: 'counter', unit, help, labels };
}
