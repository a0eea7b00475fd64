import type { Labels, MetricDefinition, NumberFamily, NumberPoint } from '@tidewatch/core';
import type { DetailName } from '../device/gpu-detail.ts';
import { deviceState, type GpuDevice } from '../device/gpu-device.ts';
import type { Reading } from '../device/reading.ts';
import type { DeviceCounts } from './device-counts.ts';

type NumberDefinition = NumberFamily['definition'];

const device = ['hw.id', 'hw.name', 'hw.model', 'hw.vendor'] as const;

function define(
  kind: 'gauge' | 'counter',
  name: string,
  unit: string,
  help: string,
  ...labels: readonly string[]
): NumberDefinition {
  return { name, kind, unit, help, labels: [...device, ...labels] };
}

const utilization = define('gauge', 'hw.gpu.utilization', '1', 'Fraction of time in use.', 'hw.gpu.task');
const memoryUsage = define('gauge', 'hw.gpu.memory.usage', 'By', 'GPU memory used.');
const memoryLimit = define('gauge', 'hw.gpu.memory.limit', 'By', 'Size of the GPU memory.');
const memoryUtilization = define('gauge', 'hw.gpu.memory.utilization', '1', 'Fraction of GPU memory used.');
const io = define('counter', 'hw.gpu.io', 'By', 'Bytes over PCI Express.', 'network.io.direction');
const temperature = define('gauge', 'hw.temperature', 'Cel', 'Temperature.', 'hw.type', 'hw.sensor_location');
const power = define('gauge', 'hw.power', 'W', 'Power drawn.', 'hw.type');
const energy = define('counter', 'hw.energy', 'J', 'Energy used.', 'hw.type');
const errors = define('counter', 'hw.errors', '{error}', 'Errors.', 'hw.type', 'error.type');
const fan = define('gauge', 'hw.fan.speed_ratio', '1', 'Speed of the fan in relation to its highest.');
const status = define('gauge', 'hw.status', '1', '1 in the state that the GPU is in.', 'hw.type', 'hw.state');

/**
 * The names of OpenTelemetry's semantic conventions, published beside our own with the option `semconv`. They are
 * in development there and may change.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/hardware/gpu/
 */
export const gpuSemconvMetrics: readonly MetricDefinition[] = [
  utilization,
  memoryUsage,
  memoryLimit,
  memoryUtilization,
  io,
  temperature,
  power,
  energy,
  errors,
  fan,
  status,
];

/** A row of the conventions that one reading fills. */
type Row = readonly [NumberDefinition, Labels, Reading | undefined];

/** The series of one round under the conventions' names. What is missing has none. */
export function semconvFamilies(round: readonly GpuDevice[], counts: DeviceCounts): readonly NumberFamily[] {
  const points = new Map<NumberDefinition, NumberPoint[]>();
  for (const gpu of round) {
    const identity = {
      'hw.id': gpu.uuid,
      'hw.name': `gpu${gpu.index}`,
      'hw.model': gpu.name,
      'hw.vendor': 'NVIDIA',
    };
    for (const [definition, labels, reading] of rowsOf(gpu, counts)) {
      if (reading?.ok !== true || !Number.isFinite(reading.value)) continue;
      const point = { labels: { ...identity, ...labels }, value: reading.value };
      const of = points.get(definition);
      if (of === undefined) points.set(definition, [point]);
      else of.push(point);
    }
  }
  return [...points].map(([definition, of]) => ({ definition, points: of }));
}

const type = { 'hw.type': 'gpu' } as const;

function rowsOf(gpu: GpuDevice, counts: DeviceCounts): readonly Row[] {
  const { details = {} } = gpu;
  const isLost = deviceState(gpu) === 'lost';
  const counted = (name: DetailName): Reading | undefined => total(counts.totals.get(name)?.get(gpu.uuid));
  const xids = [...(counts.xids.get(gpu.uuid) ?? [])].map(([xid, count]): Row => [
    errors,
    { ...type, 'error.type': `xid.${xid}` },
    point(count),
  ]);
  return [
    [utilization, { 'hw.gpu.task': 'general' }, gpu.utilization],
    [memoryUsage, {}, gpu.memoryUsedBytes],
    [memoryLimit, {}, gpu.memoryTotalBytes],
    [memoryUtilization, {}, ratio(gpu.memoryUsedBytes, gpu.memoryTotalBytes)],
    [io, { 'network.io.direction': 'transmit' }, counted('pcieTransmittedBytes')],
    [io, { 'network.io.direction': 'receive' }, counted('pcieReceivedBytes')],
    [temperature, { ...type, 'hw.sensor_location': 'gpu' }, gpu.temperatureCelsius],
    [temperature, { ...type, 'hw.sensor_location': 'memory' }, details.memoryTemperatureCelsius],
    [power, type, gpu.powerWatts],
    [energy, type, isLost ? undefined : total(counts.energy.get(gpu.uuid))],
    [errors, { ...type, 'error.type': 'corrected' }, counted('eccCorrectedErrors')],
    [errors, { ...type, 'error.type': 'uncorrected' }, counted('eccUncorrectedErrors')],
    ...xids,
    [fan, {}, details.fanRatio],
    [status, { ...type, 'hw.state': 'ok' }, point(isLost ? 0 : 1)],
    [status, { ...type, 'hw.state': 'failed' }, point(isLost ? 1 : 0)],
  ];
}

function total(counted: { readonly total: number } | undefined): Reading | undefined {
  return counted && point(counted.total);
}

function point(value: number): Reading {
  return { ok: true, kind: 'point', value };
}

function ratio(part: Reading, whole: Reading): Reading | undefined {
  return part.ok && whole.ok && whole.value > 0 ? point(part.value / whole.value) : undefined;
}
