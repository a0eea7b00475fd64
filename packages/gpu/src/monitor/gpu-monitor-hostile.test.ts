/** What a monitor must bear: a source that lies, a clock that jumps, a machine full of GPUs, an end at any moment. */
import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import type { GpuSource } from '../device/gpu-source.ts';
import { silentDevice } from '../device/gpu-device.ts';
import { fakeDevice, fakeReport, scriptedGpuSource } from '../testing/scripted-gpu-source.ts';
import { createGpuMonitor, type GpuMonitor } from './gpu-monitor.ts';

const well = fakeReport(fakeDevice({ utilization: 0.5, powerWatts: 100 }));
const prices = { currency: 'USD', perInstanceHour: 36, asOf: '1970-01-01', source: 'a test' };

async function points(gpu: GpuMonitor): Promise<Record<string, [object, unknown][]>> {
  const { resourceMetrics, errors } = await gpu.metricProducer.collect();
  expect(errors).toEqual([]);
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }): [object, unknown] => [attributes, value]),
    ]),
  );
}

/** A source in plain JavaScript, which no compiler has seen. */
function liar(answer: unknown): GpuSource {
  return { name: 'liar', read: async () => answer as never, close: async () => {} };
}

it.for([
  [undefined, /expected an object/],
  [{ ok: true, devices: [{ uuid: 'GPU-1' }], unidentified: [] }, /devices\[0\]\.index/],
  [{ ok: false, reason: 'tired' }, /no reason "tired"/],
] as const)('calls a source that answers %j failed, and goes on', async ([answer, evidence]) => {
  const clock = manualClock();
  const gpu = await createGpuMonitor({ source: liar(answer), clock });
  expect(gpu.status()).toMatchObject({ state: 'degraded', reason: 'source-failed' });
  expect(gpu.status().evidence).toMatch(evidence);
  expect(await points(gpu)).toEqual({});
  expect(gpu.status().nextTryAtMs).toBe(10_000);
  await gpu.close();
});

it('reads 64 GPUs and publishes each once', async () => {
  const many = Array.from({ length: 64 }, (_, index) => fakeDevice({ index, utilization: index / 64 }));
  const gpu = await createGpuMonitor({
    source: scriptedGpuSource(fakeReport(...many)),
    clock: manualClock(),
  });
  expect((await points(gpu))['gpu_utilization']).toHaveLength(64);
  expect((await points(gpu))['gpu_devices']).toEqual([[{ state: 'ok' }, 64]]);
  await gpu.close();
});

// A million of them: test/spans.integration.test.ts.
it('books 20,000 spans in fifty lines', async () => {
  const clock = manualClock();
  const gpu = await createGpuMonitor({ source: scriptedGpuSource(well), clock });
  const open = Array.from({ length: 1000 }, () => gpu.span('never ended'));
  for (let i = 0; i < 20_000; i++) gpu.span(`request ${i % 5000}`).end({ predictions: 1 });
  expect(gpu.usage().predictions).toBe(20_000);
  const lines = (await points(gpu))['gpu_span_predictions_total'] ?? [];
  expect(lines).toHaveLength(51);
  expect(lines.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(20_000);
  expect(open).toHaveLength(1000);
  await gpu.close();
});

it('pays for the time that passed, not for the hours by which the clock was stepped', async () => {
  const clock = manualClock(1e12);
  const gpu = await createGpuMonitor({ source: scriptedGpuSource(well), clock, cost: prices });
  const span = gpu.span('predict');
  for (const stepMs of [3_600_000, -7_200_000, 86_400_000]) {
    clock.jumpTo(clock.now() + stepMs);
    await gpu.refresh();
  }
  expect(span.end()).toMatchObject({ durationSeconds: 0, gpuSeconds: 0, cost: 0 });
  expect(gpu.usage()).toMatchObject({ seconds: { busy: 0, idle: 0, unknown: 0 }, cost: { gpus: 0 } });
  await gpu.close();
});

it('opens a driver that lost every GPU ever more seldom, and one that lost some at the interval', async () => {
  const clock = manualClock();
  const lost = silentDevice({ index: 0, uuid: 'GPU-0', name: 'Fake GPU' }, { ok: false, why: 'lost' });
  const source = scriptedGpuSource(fakeReport(lost));
  const gpu = await createGpuMonitor({ source, clock });
  expect(gpu.status()).toMatchObject({ state: 'degraded', reason: 'devices-lost', nextTryAtMs: 10_000 });
  await clock.advance(10_000 + 20_000 + 40_000);
  expect(source.rounds()).toBe(4);
  expect(gpu.status().nextTryAtMs).toBe(70_000 + 80_000);
  source.play(fakeReport(lost, fakeDevice({ index: 1, utilization: 0 })));
  await clock.advance(80_000 + 30_000);
  expect(source.rounds()).toBe(8);
  expect(gpu.status().reason).toBe('devices-lost');
  await gpu.close();
});

it('tells of its own rounds, also while they fail, once there was a GPU', async () => {
  const source = scriptedGpuSource({ ok: false, reason: 'no-gpu' });
  const gpu = await createGpuMonitor({ source, clock: manualClock() });
  expect(await points(gpu)).toEqual({});
  source.play(well);
  await gpu.refresh();
  source.play({ ok: false, reason: 'driver-failed' });
  await gpu.refresh();
  await gpu.refresh();
  expect(await points(gpu)).toEqual({
    tidewatch_gpu_rounds_total: [
      [{ outcome: 'ok' }, 1],
      [{ outcome: 'driver-failed' }, 2],
    ],
    tidewatch_gpu_round_duration_seconds: [[{}, 0]],
  });
  await gpu.close();
});

/** Where a monitor can be when it is closed. */
const phases: Record<string, (gpu: GpuMonitor, source: ReturnType<typeof scriptedGpuSource>) => unknown> = {
  'between two rounds': () => {},
  'during a round': (gpu, source) => {
    source.play('hang');
    return gpu.refresh();
  },
  'after a round that failed': async (gpu, source) => {
    source.play(new Error('bus error'));
    await gpu.refresh();
  },
  'during a round that ignores its signal': (gpu, source) => {
    source.read = () => new Promise(() => {});
    return gpu.refresh();
  },
  'twice, during a round': (gpu, source) => {
    source.play('hang');
    void gpu.refresh();
    void gpu.close();
  },
};

it.for(Object.keys(phases))('closes within its bounds %s, and is silent from then on', async (phase) => {
  const clock = manualClock();
  const source = scriptedGpuSource(well);
  const gpu = await createGpuMonitor({ source, clock });
  const span = gpu.span('predict');
  const doing = phases[phase]?.(gpu, source);
  if (phase.startsWith('after')) await doing;
  const closed = gpu.close();
  await clock.advance(2_000 + 5_000);
  await closed;
  expect(gpu.status()).toMatchObject({ state: 'closed', source: 'scripted' });
  expect(gpu.snapshot()).toBeUndefined();
  const rounds = source.rounds();
  await clock.advance(3_600_000);
  expect(source.rounds()).toBe(rounds);
  expect(await points(gpu)).toEqual({});
  expect(() => span.end({ predictions: 1 })).not.toThrow();
});

it('knows a lost GPU as ours that was meant by its MIG instance', async () => {
  const missing = { ok: false, why: 'lost' } as const;
  const readings = { memoryUsedBytes: missing, memoryTotalBytes: missing, smUtilization: missing };
  const instances = [{ uuid: 'MIG-1', name: 'NVIDIA H200 MIG 3g.71gb', ...readings }];
  const source = scriptedGpuSource(fakeReport({ ...fakeDevice({ powerWatts: 100 }), instances }));
  const gpu = await createGpuMonitor({ source, clock: manualClock(), devices: ['MIG-1'] });
  expect(gpu.status().state).toBe('ok');
  source.play(fakeReport(silentDevice({ index: 0, uuid: 'GPU-0', name: 'Fake GPU' }, missing)));
  expect((await gpu.refresh()).reason).toBe('devices-lost');
  source.play(fakeReport(silentDevice({ index: 0, uuid: 'GPU-7', name: 'Fake GPU' }, missing)));
  expect((await gpu.refresh()).reason).toBe('none-selected');
  await gpu.close();
});
