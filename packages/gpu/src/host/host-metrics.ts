import type { MetricDefinition, NumberFamily } from '@tidewatch/core';
import type { HostReadings } from './host-readings.ts';

type NumberDefinition = NumberFamily['definition'];

const cpu: NumberDefinition = {
  name: 'host_cpu_utilization',
  kind: 'gauge',
  unit: '1',
  help: 'Fraction of all processor time of the machine that was in use, 0 to 1.',
  labels: [],
};
const memoryUsed: NumberDefinition = {
  name: 'host_memory_used_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'Memory of the machine that programs cannot get without swapping: total minus available.',
  labels: [],
};
const memoryTotal: NumberDefinition = {
  name: 'host_memory_total_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'Memory of the machine.',
  labels: [],
};
const eventLoopDelay: NumberDefinition = {
  name: 'nodejs_eventloop_delay_seconds',
  kind: 'gauge',
  unit: 's',
  help: 'How late timers of this process fired, by percentile over the last interval; 100 is the worst.',
  // `quantile` belongs to summaries, and promtool objects to it on a gauge.
  labels: ['percentile'],
};

/** Every metric of the host monitor. */
export const hostMetrics: readonly MetricDefinition[] = [cpu, memoryUsed, memoryTotal, eventLoopDelay];

/** The present series of one round. A reading that failed has none. */
export function hostFamilies(readings: HostReadings): readonly NumberFamily[] {
  const { cpuUtilization, memoryUsedBytes, memoryTotalBytes, eventLoopDelaySeconds } = readings;
  const delays = Object.entries(eventLoopDelaySeconds ?? {});
  return [
    { definition: cpu, points: unlabelled(cpuUtilization) },
    { definition: memoryUsed, points: unlabelled(memoryUsedBytes) },
    { definition: memoryTotal, points: unlabelled(memoryTotalBytes) },
    {
      definition: eventLoopDelay,
      points: delays.map(([quantile, value]) => ({
        labels: { percentile: String(Math.round(Number(quantile) * 100)) },
        value,
      })),
    },
  ].filter(({ points }) => points.length > 0);
}

function unlabelled(value: number | undefined): NumberFamily['points'] {
  return value === undefined ? [] : [{ labels: {}, value }];
}
