import { gpuMetrics, type GpuMonitor, type GpuReason, type GpuState } from '@tidewatch/gpu';
import { expect, it } from 'vitest';
import { gpuNotice, missingGpuSeries } from './gpu-absence.ts';

function gpuThatIs(state: GpuState, reason?: GpuReason): GpuMonitor {
  const status = { state, ...(reason && { reason }), source: 'nvml', sinceMs: 0 };
  return { status: () => status } as unknown as GpuMonitor;
}

it.for([
  // state       reason           set aside   why the row is here
  ['none', 'no-gpu', true],
  ['none', 'off', true], // switched off is known, too
  ['ok', undefined, false],
  ['degraded', 'helper-crashed', false], // will be back: unknown is not absent
  ['stuck', 'read-timed-out', false],
  ['blocked', 'no-permission', false], // the GPUs are there and may be busy
] as const)('%s (%s): series of GPUs are set aside: %s', ([state, reason, isSetAside]) => {
  const missing = missingGpuSeries(gpuThatIs(state, reason), 'en');
  expect(Object.keys(missing)).toEqual(isSetAside ? gpuMetrics.map(({ name }) => name) : []);
});

it('says why in the language asked for', () => {
  const gpu = gpuThatIs('none', 'no-gpu');
  expect(missingGpuSeries(gpu, 'en')['gpu_utilization']).toBe('no NVIDIA GPU on this machine');
  expect(missingGpuSeries(gpu, 'zh-CN')['gpu_utilization']).toBe('本机没有 NVIDIA GPU');
});

it('tells the page why there are no readings, and what to do, in both languages', () => {
  const [notice] = gpuNotice(gpuThatIs('stuck', 'read-timed-out'));
  expect(notice?.text.en).toMatch(/^the reading did not come in time: the driver hangs/);
  expect(notice?.text['zh-CN']).toMatch(/^未能及时得到读数:驱动可能挂起/);
});

it('tells the page nothing when all is well', () => {
  expect(gpuNotice(gpuThatIs('ok'))).toEqual([]);
});
