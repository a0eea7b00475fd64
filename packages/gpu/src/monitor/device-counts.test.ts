import { expect, it } from 'vitest';
import type { GpuDevice } from '../device/gpu-device.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { detailFamilies, detailMetrics } from './detail-metrics.ts';
import { createDeviceCounts } from './device-counts.ts';

const point = (value: number) => ({ ok: true, kind: 'point', value }) as const;

/** The lines that rounds end in, without the labels of the GPU. */
function lines(...rounds: readonly GpuDevice[]): string[] {
  const counts = createDeviceCounts();
  for (const device of rounds) counts.add([device]);
  const gpu = /"gpu":"0","uuid":"GPU-0","name":"Fake GPU",?/;
  return detailFamilies(rounds.slice(-1), counts).flatMap(({ definition, points }) =>
    points.map(({ labels, value }) =>
      `${definition.name}${JSON.stringify(labels).replace(gpu, '')} ${value}`.replace('{}', ''),
    ),
  );
}

it('counts throttled time by its reason, as what it rose by', () => {
  const at = (powerCap: number, thermal: number) => ({
    ...fakeDevice(),
    details: { powerCapSeconds: point(powerCap), hardwareThermalSeconds: point(thermal) },
  });
  expect(lines(at(7, 100), at(9, 100))).toEqual([
    'gpu_throttled_seconds_total{"reason":"power_cap"} 2',
    'gpu_throttled_seconds_total{"reason":"hardware_thermal"} 0',
  ]);
});

it('publishes gauges as they are, zero too, and nothing of what is missing', () => {
  const details = {
    smUtilization: point(0),
    fanRatio: { ok: false, why: 'unsupported' },
    smClockHertz: point(1.755e9),
    powerLimitWatts: point(Number.NaN),
  } as const;
  expect(lines({ ...fakeDevice(), details })).toEqual([
    'gpu_sm_utilization 0',
    'gpu_sm_clock_hertz 1755000000',
  ]);
});

it('adds up XIDs by their code over the rounds', () => {
  const device = fakeDevice();
  expect(lines({ ...device, xids: [79, 31] }, device, { ...device, xids: [31] })).toEqual([
    'gpu_xid_errors_total{"xid":"79"} 1',
    'gpu_xid_errors_total{"xid":"31"} 2',
  ]);
});

it('gives MIG instances metrics of their own: their memory is part of the GPU’s', () => {
  const instance = {
    uuid: 'MIG-1',
    name: 'X MIG 1g.10gb',
    memoryUsedBytes: point(5),
    memoryTotalBytes: point(10),
    smUtilization: { ok: false, why: 'not-ready' },
  } as const;
  expect(lines({ ...fakeDevice(), instances: [instance] })).toEqual([
    'gpu_mig_memory_used_bytes{"gpu":"0","uuid":"MIG-1","name":"X MIG 1g.10gb","parent":"GPU-0"} 5',
    'gpu_mig_memory_total_bytes{"gpu":"0","uuid":"MIG-1","name":"X MIG 1g.10gb","parent":"GPU-0"} 10',
  ]);
});

it('tells the memory of the service apart from that of all processes', () => {
  const processes = [
    { pid: 42, memoryUsedBytes: point(7) },
    { pid: 77, memoryUsedBytes: { ok: false, why: 'unsupported' } },
  ] as const;
  expect(lines({ ...fakeDevice(), selfMemoryBytes: point(0), processes })).toEqual([
    'gpu_self_memory_used_bytes 0',
    'gpu_process_memory_used_bytes{"pid":"42"} 7',
  ]);
});

it('defines every metric once', () => {
  const names = detailMetrics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it('forgets neither GPUs nor XIDs without end', () => {
  const counts = createDeviceCounts();
  for (let i = 0; i < 1000; i++) {
    counts.add([{ ...fakeDevice({ uuid: `GPU-${i}` }), xids: [i] }]);
    counts.add([{ ...fakeDevice({ uuid: 'GPU-0' }), xids: [i] }]);
  }
  expect(counts.xids.size).toBe(256);
  expect(counts.xids.get('GPU-0')?.size).toBe(256);
});
