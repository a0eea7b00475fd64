import type { Labels, MetricDefinition, NumberFamily, NumberPoint } from '@tidewatch/core';
import type { DetailName } from '../device/gpu-detail.ts';
import type { GpuDevice } from '../device/gpu-device.ts';
import type { Reading } from '../device/reading.ts';
import type { DeviceCounts } from './device-counts.ts';

type NumberDefinition = NumberFamily['definition'];

const deviceLabels = ['gpu', 'uuid', 'name'] as const;

function gauge(name: string, unit: string, help: string): NumberDefinition {
  return { name, kind: 'gauge', unit, help, labels: deviceLabels };
}

function counter(name: string, unit: string, help: string, label: string): NumberDefinition {
  return { name, kind: 'counter', unit, help, labels: [...deviceLabels, label] };
}

const throttle = counter(
  'gpu_throttled_seconds_total',
  's',
  'Time in which the GPU ran slower than it could, by reason, since this process first saw it.',
  'reason',
);
const pcie = counter(
  'gpu_pcie_bytes_total',
  'By',
  'Bytes over PCI Express since this process first saw the GPU.',
  'direction',
);
const ecc = counter(
  'gpu_ecc_errors_total',
  '{error}',
  'Memory errors since this process first saw the GPU, corrected and uncorrected.',
  'type',
);

/** Where a detail is published: a gauge as it is, a total as what it rose by since the process first saw it. */
type Place =
  | { readonly definition: NumberDefinition }
  | { readonly definition: NumberDefinition; readonly label: Labels };

const places: Readonly<Record<DetailName, Place>> = {
  smUtilization: {
    definition: gauge(
      'gpu_sm_utilization',
      '1',
      'Fraction of the multiprocessors that were busy, mean over the interval, 0 to 1.',
    ),
  },
  smOccupancy: {
    definition: gauge(
      'gpu_sm_occupancy',
      '1',
      'Warps on the multiprocessors in relation to the most possible, mean over the interval, 0 to 1.',
    ),
  },
  tensorUtilization: {
    definition: gauge('gpu_tensor_utilization', '1', 'Fraction of time the tensor cores were busy, 0 to 1.'),
  },
  dramUtilization: {
    definition: gauge('gpu_dram_utilization', '1', 'Part of the memory bandwidth in use, 0 to 1.'),
  },
  memoryTemperatureCelsius: {
    definition: gauge('gpu_memory_temperature_celsius', 'Cel', 'Temperature of the GPU memory.'),
  },
  smClockHertz: { definition: gauge('gpu_sm_clock_hertz', 'Hz', 'Clock of the multiprocessors.') },
  memoryClockHertz: { definition: gauge('gpu_memory_clock_hertz', 'Hz', 'Clock of the GPU memory.') },
  memoryReservedBytes: {
    definition: gauge(
      'gpu_memory_reserved_bytes',
      'By',
      'GPU memory that the driver keeps for itself; not part of the memory used.',
    ),
  },
  powerLimitWatts: {
    definition: gauge('gpu_power_limit_watts', 'W', 'Power that the driver lets the GPU draw.'),
  },
  fanRatio: { definition: gauge('gpu_fan_ratio', '1', 'Speed of the fan in relation to its highest.') },
  powerCapSeconds: { definition: throttle, label: { reason: 'power_cap' } },
  syncBoostSeconds: { definition: throttle, label: { reason: 'sync_boost' } },
  softwareThermalSeconds: { definition: throttle, label: { reason: 'software_thermal' } },
  hardwareThermalSeconds: { definition: throttle, label: { reason: 'hardware_thermal' } },
  powerBrakeSeconds: { definition: throttle, label: { reason: 'power_brake' } },
  pcieTransmittedBytes: { definition: pcie, label: { direction: 'transmit' } },
  pcieReceivedBytes: { definition: pcie, label: { direction: 'receive' } },
  eccCorrectedErrors: { definition: ecc, label: { type: 'corrected' } },
  eccUncorrectedErrors: { definition: ecc, label: { type: 'uncorrected' } },
};

const names = Object.keys(places) as readonly DetailName[];
/** Details that are totals of the driver: they fall back when it is reloaded, so their rises are counted. */
export const totalNames: readonly DetailName[] = names.filter((name) => 'label' in places[name]);

const xid = counter(
  'gpu_xid_errors_total',
  '{error}',
  'Critical errors of the GPU by their XID, while this process ran.',
  'xid',
);
const selfMemory = gauge(
  'gpu_self_memory_used_bytes',
  'By',
  'GPU memory that this service holds; 0 on a GPU that it does not use.',
);
const processMemory: NumberDefinition = {
  ...gauge(
    'gpu_process_memory_used_bytes',
    'By',
    'GPU memory by process, where the option processes is all.',
  ),
  labels: [...deviceLabels, 'pid'],
};

const instanceLabels = ['gpu', 'uuid', 'name', 'parent'] as const;
const instanceGauges = [
  ['memoryUsedBytes', 'gpu_mig_memory_used_bytes', 'By', 'Memory in use of a MIG instance.'],
  ['memoryTotalBytes', 'gpu_mig_memory_total_bytes', 'By', 'Memory of a MIG instance.'],
  [
    'smUtilization',
    'gpu_mig_sm_utilization',
    '1',
    'Fraction of the multiprocessors of a MIG instance that were busy, 0 to 1.',
  ],
] as const;
const instanceDefinitions: readonly NumberDefinition[] = instanceGauges.map(([, name, unit, help]) => ({
  name,
  kind: 'gauge',
  unit,
  help,
  labels: instanceLabels,
}));

/** Every metric of the details. */
export const detailMetrics: readonly MetricDefinition[] = [
  ...new Set(names.map((name) => places[name].definition)),
  xid,
  selfMemory,
  processMemory,
  ...instanceDefinitions,
];

type DetailCounts = Pick<DeviceCounts, 'totals' | 'xids'>;

/** The details of one round. What is missing has no point. */
export function detailFamilies(round: readonly GpuDevice[], counts: DetailCounts): readonly NumberFamily[] {
  const points = new Map<NumberDefinition, NumberPoint[]>();
  const put = (definition: NumberDefinition, labels: Labels, value: number): void => {
    const of = points.get(definition);
    if (of === undefined) points.set(definition, [{ labels, value }]);
    else of.push({ labels, value });
  };
  for (const device of round) {
    const labels = { gpu: String(device.index), uuid: device.uuid, name: device.name };
    for (const name of names) {
      const place = places[name];
      if ('label' in place) {
        const counted = counts.totals.get(name)?.get(device.uuid);
        if (counted !== undefined) put(place.definition, { ...labels, ...place.label }, counted.total);
      } else putReading(place.definition, labels, device.details?.[name], put);
    }
    putReading(selfMemory, labels, device.selfMemoryBytes, put);
    for (const { pid, memoryUsedBytes } of device.processes ?? []) {
      putReading(processMemory, { ...labels, pid: String(pid) }, memoryUsedBytes, put);
    }
    for (const [code, count] of counts.xids.get(device.uuid) ?? []) {
      put(xid, { ...labels, xid: String(code) }, count);
    }
    for (const instance of device.instances ?? []) {
      const { uuid, name } = instance;
      instanceGauges.forEach(([reading], i) => {
        const definition = instanceDefinitions[i];
        if (definition === undefined) return;
        putReading(definition, { gpu: labels.gpu, uuid, name, parent: device.uuid }, instance[reading], put);
      });
    }
  }
  return [...points].map(([definition, of]) => ({ definition, points: of }));
}

function putReading(
  definition: NumberDefinition,
  labels: Labels,
  reading: Reading | undefined,
  put: (definition: NumberDefinition, labels: Labels, value: number) => void,
): void {
  if (reading?.ok === true && Number.isFinite(reading.value)) put(definition, labels, reading.value);
}
