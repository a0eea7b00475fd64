import { expect, it } from 'vitest';
import { silentDevice, type GpuDevice } from '../device/gpu-device.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { judgeFallback, noFallback, totalSelfMemory, type FallbackInput } from './cpu-fallback.ts';

const cpu: FallbackInput = { predictions: 10, selfMemoryBytes: 0 };
const gpu: FallbackInput = { predictions: 10, selfMemoryBytes: 5e9 };
const quiet: FallbackInput = { predictions: 0, selfMemoryBytes: 0 };
const unknown: FallbackInput = { predictions: 10 };

it.for<[readonly FallbackInput[], boolean]>([
  // stretches                          fallback   why the row is here
  [[cpu, cpu], false], //                          a model that is being loaded
  [[cpu, cpu, cpu], true],
  [[gpu, gpu, gpu], false],
  [[quiet, quiet, quiet, quiet], false], //        nobody asks: nothing is known
  [[cpu, cpu, quiet, cpu], true], //               silence does not begin anew
  [[cpu, cpu, unknown, unknown], false], //        and unknown is no proof
  [[cpu, cpu, gpu, cpu], false],
  [[cpu, cpu, cpu, unknown], true], //             nor a way out
  [[cpu, cpu, cpu, gpu], false],
])('%j', ([stretches, expected]) => {
  expect(stretches.reduce(judgeFallback, noFallback).isFallback).toBe(expected);
});

const holding = (value: number): GpuDevice => ({
  ...fakeDevice({ utilization: 0 }),
  selfMemoryBytes: { ok: true, kind: 'point', value },
});
const hidden: GpuDevice = {
  ...fakeDevice({ utilization: 0 }),
  selfMemoryBytes: { ok: false, why: 'not-visible' },
};

it.for<[readonly GpuDevice[], number | undefined]>([
  [[holding(0), holding(3)], 3],
  [[holding(0), hidden], undefined],
  [[holding(0), fakeDevice({ utilization: 0 })], undefined], //  not asked for
  [[holding(0), silentDevice(holding(0), { ok: false, why: 'lost' })], undefined],
  [[], undefined],
])('%#', ([devices, expected]) => {
  expect(totalSelfMemory(devices)).toBe(expected);
});
