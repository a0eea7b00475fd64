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

const memoryLimit: NumberDefinition = {
  name: 'container_memory_limit_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'Memory that the container of this process may use; absent where it may use all of the machine.',
  labels: [],
};
const limitedMemoryUsed: NumberDefinition = {
  name: 'container_memory_used_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'Memory in use by the container of this process, where it has a limit.',
  labels: [],
};
const cpuLimit: NumberDefinition = {
  name: 'container_cpu_limit',
  kind: 'gauge',
  unit: '{cpu}',
  help: 'Processors that this process may use at once, where these are not all of the machine.',
  labels: [],
};

const controllerLabels = ['controller', 'vendor'] as const;
const controllerGauges = [
  [
    'utilization',
    'host_controller_utilization',
    '1',
    'Fraction of time in which a graphics controller was busy.',
  ],
  ['memoryUsedBytes', 'host_controller_memory_used_bytes', 'By', 'Memory in use of a graphics controller.'],
  ['memoryTotalBytes', 'host_controller_memory_total_bytes', 'By', 'Memory of a graphics controller.'],
] as const;
const controllerDefinitions: readonly NumberDefinition[] = controllerGauges.map(([, name, unit, help]) => ({
  name,
  kind: 'gauge',
  unit,
  help,
  labels: controllerLabels,
}));

/** Every metric of the host monitor. */
export const hostMetrics: readonly MetricDefinition[] = [
  cpu,
  memoryUsed,
  memoryTotal,
  eventLoopDelay,
  memoryLimit,
  limitedMemoryUsed,
  cpuLimit,
  ...controllerDefinitions,
];

/** The present series of one round. A reading that failed has none. */
export function hostFamilies(readings: HostReadings): readonly NumberFamily[] {
  const { cpuUtilization, memoryUsedBytes, memoryTotalBytes, eventLoopDelaySeconds } = readings;
  const { limits = {}, controllers = [] } = readings;
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
    { definition: memoryLimit, points: unlabelled(limits.memoryLimitBytes) },
    { definition: limitedMemoryUsed, points: unlabelled(limits.memoryUsedBytes) },
    { definition: cpuLimit, points: unlabelled(limits.cpuLimit) },
    ...controllerGauges.flatMap(([reading], i) => {
      const definition = controllerDefinitions[i];
      const points = controllers.flatMap(({ name, vendor, [reading]: value }) =>
        value === undefined ? [] : [{ labels: { controller: name, vendor }, value }],
      );
      return definition === undefined ? [] : [{ definition, points }];
    }),
  ].filter(({ points }) => points.length > 0);
}

function unlabelled(value: number | undefined): NumberFamily['points'] {
  return value === undefined ? [] : [{ labels: {}, value }];
}
