import fc from 'fast-check';
import { expect, it } from 'vitest';
import { silentDevice } from '../device/gpu-device.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { gpuFamilies } from './gpu-metrics.ts';

const none = new Map<string, never>();
const valuesOf = (families: ReturnType<typeof gpuFamilies>): Record<string, number[]> =>
  Object.fromEntries(families.map(({ definition, points }) => [definition.name, points.map((p) => p.value)]));

it('publishes every reading under the names of the design', () => {
  const device = fakeDevice({
    index: 1,
    uuid: 'GPU-1',
    name: 'NVIDIA H200',
    utilization: 0.5,
    memoryUsedBytes: 5e9,
    memoryTotalBytes: 150e9,
    temperatureCelsius: 41,
    powerWatts: 412.3,
    energyJoules: 9000,
  });
  const families = gpuFamilies([device], new Map([['GPU-1', { last: 9000, total: 12 }]]));
  expect(valuesOf(families)).toEqual({
    gpu_utilization: [0.5],
    gpu_memory_used_bytes: [5e9],
    gpu_memory_total_bytes: [150e9],
    gpu_temperature_celsius: [41],
    gpu_power_watts: [412.3],
    gpu_energy_joules_total: [12],
    gpu_devices: [1],
  });
  expect(families[0]?.points[0]?.labels).toEqual({ gpu: '1', uuid: 'GPU-1', name: 'NVIDIA H200' });
});

it('publishes nothing at all without a GPU', () => {
  expect(gpuFamilies([], none)).toEqual([]);
});

it('leaves out what is missing and counts it by cause', () => {
  const families = gpuFamilies([fakeDevice({ temperatureCelsius: 30 })], none);
  expect(valuesOf(families)).toEqual({
    gpu_temperature_celsius: [30],
    gpu_devices: [1],
    gpu_readings_missing: [1, 1, 1, 1, 1],
  });
});

it('says of a lost GPU only that it is lost', () => {
  const lost = silentDevice({ index: 0, uuid: 'GPU-0', name: 'Fake' }, { ok: false, why: 'lost' });
  const families = gpuFamilies([lost], new Map([['GPU-0', { last: 5, total: 5 }]]));
  expect(families.map(({ definition }) => definition.name)).toEqual(['gpu_devices', 'gpu_readings_missing']);
  expect(families[0]?.points).toEqual([{ labels: { state: 'lost' }, value: 1 }]);
});

it('never writes a value that no reading had', () => {
  const reading = fc.option(fc.oneof(fc.constantFrom(Number.NaN, Infinity), fc.double()), { nil: undefined });
  fc.assert(
    fc.property(reading, reading, (utilization, powerWatts) => {
      const values = {
        ...(utilization !== undefined && { utilization }),
        ...(powerWatts !== undefined && { powerWatts }),
      };
      const published = valuesOf(gpuFamilies([fakeDevice(values)], none));
      const present = (value: number | undefined): number[] | undefined =>
        value !== undefined && Number.isFinite(value) ? [value] : undefined;
      expect(published['gpu_utilization']).toEqual(present(utilization));
      expect(published['gpu_power_watts']).toEqual(present(powerWatts));
    }),
  );
});
