import type { Labels, MetricDefinition, NumberFamily, NumberPoint } from '@tidewatch/core';
import type { Reading } from '../device/reading.ts';
import { deviceState, readingNames, type GpuDevice, type ReadingName } from '../device/gpu-device.ts';
import { usageMetrics } from '../cost/usage-metrics.ts';
import type { Rises } from './count-rise.ts';
import { detailMetrics } from './detail-metrics.ts';
import { roundMetrics } from './round-metrics.ts';

type NumberDefinition = NumberFamily['definition'];

const deviceLabels = ['gpu', 'uuid', 'name'] as const;

const utilization: NumberDefinition = {
  name: 'gpu_utilization',
  kind: 'gauge',
  unit: '1',
  help: 'Fraction of time in which a kernel ran on the GPU, 0 to 1.',
  labels: deviceLabels,
};
const memoryUsed: NumberDefinition = {
  name: 'gpu_memory_used_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'GPU memory allocated by programs.',
  labels: deviceLabels,
};
const memoryTotal: NumberDefinition = {
  name: 'gpu_memory_total_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'GPU memory installed.',
  labels: deviceLabels,
};
const temperature: NumberDefinition = {
  name: 'gpu_temperature_celsius',
  kind: 'gauge',
  unit: 'Cel',
  help: 'Temperature of the GPU die.',
  labels: deviceLabels,
};
const power: NumberDefinition = {
  name: 'gpu_power_watts',
  kind: 'gauge',
  unit: 'W',
  help: 'Power drawn by the GPU and its memory.',
  labels: deviceLabels,
};
const energy: NumberDefinition = {
  name: 'gpu_energy_joules_total',
  kind: 'counter',
  unit: 'J',
  help: 'Energy used by the GPU since this process first saw it.',
  labels: deviceLabels,
};
const devices: NumberDefinition = {
  name: 'gpu_devices',
  kind: 'gauge',
  unit: '{gpu}',
  help: 'GPUs by state: ok, lost, denied or error.',
  labels: ['state'],
};
const missing: NumberDefinition = {
  name: 'gpu_readings_missing',
  kind: 'gauge',
  unit: '{reading}',
  help: 'Readings without a value in the last round, by reading and cause.',
  labels: ['reading', 'why'],
};

/** Every metric of the GPU monitor, use and cost included. */
export const gpuMetrics: readonly MetricDefinition[] = [
  utilization,
  memoryUsed,
  memoryTotal,
  temperature,
  power,
  energy,
  devices,
  missing,
  ...detailMetrics,
  ...usageMetrics,
  ...roundMetrics,
];

const gauges: readonly (readonly [NumberDefinition, ReadingName])[] = [
  [utilization, 'utilization'],
  [memoryUsed, 'memoryUsedBytes'],
  [memoryTotal, 'memoryTotalBytes'],
  [temperature, 'temperatureCelsius'],
  [power, 'powerWatts'],
];

/** The present series of one round. A missing reading has none: absent is not 0. */
export function gpuFamilies(round: readonly GpuDevice[], counted: Rises): readonly NumberFamily[] {
  if (round.length === 0) return [];
  const families = gauges.map(([definition, reading]) => ({
    definition,
    points: round.flatMap((device) => pointOf(device, device[reading])),
  }));
  const energyPoints = round.flatMap((device) => {
    const total = counted.get(device.uuid)?.total;
    return deviceState(device) === 'lost' || total === undefined
      ? []
      : [{ labels: labelsOf(device), value: total }];
  });
  return [
    ...families,
    { definition: energy, points: energyPoints },
    { definition: devices, points: tally(round.map((device) => ({ state: deviceState(device) }))) },
    { definition: missing, points: tally(round.flatMap(missingLabels)) },
  ].filter(({ points }) => points.length > 0);
}

function pointOf(device: GpuDevice, reading: GpuDevice[ReadingName]): NumberPoint[] {
  return reading.ok && Number.isFinite(reading.value)
    ? [{ labels: labelsOf(device), value: reading.value }]
    : [];
}

function labelsOf({ index, uuid, name }: GpuDevice): Labels {
  return { gpu: String(index), uuid, name };
}

function missingLabels(device: GpuDevice): Labels[] {
  const main = readingNames.map((name): [string, Reading] => [name, device[name]]);
  return [...main, ...Object.entries(device.details ?? {})].flatMap(([name, reading]) =>
    reading.ok ? [] : [{ reading: name, why: reading.why }],
  );
}

/** One point for each distinct label set, counting its occurrences. */
function tally(all: readonly Labels[]): NumberPoint[] {
  const counts = new Map<string, { labels: Labels; value: number }>();
  for (const labels of all) {
    const key = JSON.stringify(labels);
    const seen = counts.get(key);
    if (seen === undefined) counts.set(key, { labels, value: 1 });
    else seen.value++;
  }
  return [...counts.values()];
}
