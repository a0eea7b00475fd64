import type { MetricDefinition, NumberFamily } from '@tidewatch/core';

type NumberDefinition = NumberFamily['definition'];

const rounds: NumberDefinition = {
  name: 'tidewatch_gpu_rounds_total',
  kind: 'counter',
  unit: '{round}',
  help: 'Rounds of GPU readings since the first that succeeded, by outcome: ok, or why there were none.',
  labels: ['outcome'],
};
const duration: NumberDefinition = {
  name: 'tidewatch_gpu_round_duration_seconds',
  kind: 'gauge',
  unit: 's',
  help: 'Wall time of the last round of GPU readings: how long the driver and our helper took.',
  labels: [],
};

/** What the monitor tells of itself. On a machine that never showed a GPU there is nothing to tell. */
export const roundMetrics: readonly MetricDefinition[] = [rounds, duration];

/** Rounds by outcome, and how long the last one took. */
export interface RoundBook {
  readonly outcomes: ReadonlyMap<string, number>;
  readonly lastSeconds: number;
}

/** Goes on while readings fail: then it is what tells of the failure. */
export function roundFamilies({ outcomes, lastSeconds }: RoundBook): readonly NumberFamily[] {
  const points = [...outcomes].map(([outcome, value]) => ({ labels: { outcome }, value }));
  return [
    { definition: rounds, points },
    { definition: duration, points: [{ labels: {}, value: lastSeconds }] },
  ];
}
