import type { Logger } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it, vi } from 'vitest';
import { referencePrices } from '../cost/gpu-prices.ts';
import { fakeDevice, fakeReport, scriptedGpuSource } from '../testing/scripted-gpu-source.ts';
import type { GpuEvent } from './gpu-event.ts';
import { createGpuMonitor, type GpuMonitor } from './gpu-monitor.ts';
import type { GpuMonitorOptions } from './monitor-options.ts';

const well = fakeReport(fakeDevice({ utilization: 0.5 }));
const noGpu = { ok: false, reason: 'no-gpu', evidence: 'no device file' } as const;

async function metricNames(gpu: GpuMonitor): Promise<string[]> {
  const { resourceMetrics } = await gpu.metricProducer.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.map((m) => m.descriptor.name));
}

/** Metrics of the GPUs, without those that the monitor tells of itself. */
async function readingNames(gpu: GpuMonitor): Promise<string[]> {
  return (await metricNames(gpu)).filter((name) => !name.startsWith('tidewatch_'));
}

function journal(): { lines: string[]; logger: Logger } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (_fields: object, message: string): void =>
      void lines.push(`${level}: ${message}`);
  const logger = { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') };
  return { lines, logger };
}

/** A monitor on standing time with a scripted source. */
async function setUp(first: Parameters<typeof scriptedGpuSource>[0], options: GpuMonitorOptions = {}) {
  const clock = manualClock(1_000_000);
  const source = scriptedGpuSource(first);
  const events: GpuEvent[] = [];
  const { lines, logger } = journal();
  const onEvent = (event: GpuEvent): void => void events.push(event);
  const gpu = await createGpuMonitor({ source, clock, logger, onEvent, ...options });
  return { gpu, source, clock, events, lines };
}

it('has its first readings when it is created, and takes new ones every interval', async () => {
  const { gpu, source, clock } = await setUp(well);
  expect(gpu.snapshot()).toMatchObject({
    ageMs: 0,
    stale: false,
    devices: [{ utilization: { value: 0.5 } }],
  });
  source.play(fakeReport(fakeDevice({ utilization: 0.7 })));
  await clock.advance(10_000);
  expect(gpu.snapshot()).toMatchObject({ takenAtMs: 1_010_000, devices: [{ utilization: { value: 0.7 } }] });
  expect(gpu.status()).toMatchObject({
    state: 'ok',
    source: 'scripted',
    driver: '590.48.01',
    sinceMs: 1_000_000,
  });
  await gpu.close();
});

it('says once why there is no GPU, publishes nothing, and looks again after ten minutes', async () => {
  const { gpu, source, clock, lines } = await setUp(noGpu);
  expect(gpu.status()).toMatchObject({ state: 'none', reason: 'no-gpu', nextTryAtMs: 1_600_000 });
  expect(gpu.status().hint).toMatch(/--gpus all/);
  expect(gpu.snapshot()).toBeUndefined();
  expect(await metricNames(gpu)).toEqual([]);
  await clock.advance(599_999);
  expect(source.rounds()).toBe(1);
  await clock.advance(3_600_000);
  expect(source.rounds()).toBe(7);
  expect(lines).toEqual(['info: no NVIDIA GPU on this machine']);
  await gpu.close();
});

it('reads a dear source no more often than the source wishes, and calls nothing stale for that', async () => {
  const dear = { ...scriptedGpuSource(well), leastIntervalMs: 30_000 };
  const { gpu, clock } = await setUp(well, { source: dear, intervalMs: 10_000 });
  await clock.advance(29_999);
  expect(dear.rounds()).toBe(1);
  expect(gpu.snapshot()?.stale).toBe(false);
  await clock.advance(1);
  expect(dear.rounds()).toBe(2);
  await gpu.close();
});

it('names the source that answers, where it changes', async () => {
  let name = 'first';
  const changing = {
    get name() {
      return name;
    },
    read: async () => well,
    close: async () => {},
  };
  const { gpu } = await setUp(well, { source: changing });
  expect(gpu.status().source).toBe('first');
  name = 'second';
  expect((await gpu.refresh()).source).toBe('second');
  await gpu.close();
});

it('keeps to the GPUs that are ours, and says when none is', async () => {
  const both = fakeReport(fakeDevice({ index: 0, utilization: 0 }), fakeDevice({ index: 1, utilization: 0 }));
  const one = await setUp(both, { devices: ['GPU-1'] });
  expect(one.gpu.snapshot()?.devices.map(({ uuid }) => uuid)).toEqual(['GPU-1']);
  await one.gpu.close();
  const none = await setUp(both, { devices: ['GPU-9'] });
  expect(none.gpu.status()).toMatchObject({ state: 'none', reason: 'none-selected', evidence: 'of 2 GPUs' });
  expect(await metricNames(none.gpu)).toEqual([]);
  await none.gpu.close();
});

it('raises an event when predictions flow and the service holds no GPU memory', async () => {
  const holding = (value: number) =>
    fakeReport({ ...fakeDevice({ utilization: 0 }), selfMemoryBytes: { ok: true, kind: 'point', value } });
  const { gpu, source, events, lines } = await setUp(holding(0));
  const predict = async (): Promise<void> => {
    gpu.span('predict').end({ predictions: 1 });
    await gpu.refresh();
  };
  for (let i = 0; i < 4; i++) await predict();
  source.play(holding(1e9));
  await predict();
  expect(events.map(({ type }) => type)).toEqual(['state', 'cpu-fallback', 'cpu-fallback-over']);
  expect(lines.filter((line) => /computes? on the CPU/.test(line))).toHaveLength(1);
  await gpu.close();
});

it('publishes the names of OpenTelemetry beside our own where they are asked for', async () => {
  const { gpu } = await setUp(well, { semconv: true });
  expect(await metricNames(gpu)).toEqual(
    expect.arrayContaining(['gpu_utilization', 'hw.gpu.utilization', 'hw.status']),
  );
  await gpu.close();
});

it('tells of an XID', async () => {
  const { gpu, events } = await setUp(fakeReport({ ...fakeDevice({ utilization: 0 }), xids: [79] }));
  expect(events).toContainEqual({
    type: 'xid',
    xid: 79,
    device: { index: 0, uuid: 'GPU-0', name: 'Fake GPU' },
  });
  await gpu.close();
});

it('warns once of prices that are out of date', async () => {
  const cost = { ...referencePrices, asOf: '1969-01-01' };
  const { gpu, lines } = await setUp(well, { cost });
  expect(lines.filter((line) => /half a year/.test(line))).toHaveLength(1);
  await gpu.close();
});

it('does nothing when switched off', async () => {
  const { gpu, lines, clock } = await setUp(well, { source: 'off' });
  await clock.advance(3_600_000);
  expect((await gpu.refresh()).reason).toBe('off');
  expect(await metricNames(gpu)).toEqual([]);
  expect(lines).toEqual([]);
  await gpu.close();
});

it('stops publishing at once when a reading fails, and says what the last one was', async () => {
  const { gpu, source } = await setUp(well);
  expect(await metricNames(gpu)).toContain('gpu_utilization');
  source.play({ ok: false, reason: 'driver-failed' });
  await gpu.refresh();
  expect(await readingNames(gpu)).toEqual([]);
  expect(gpu.snapshot()).toMatchObject({ stale: true, devices: [{}] });
  await gpu.close();
});

it('gives up waiting after the timeout, and does not pile up readings', async () => {
  const { gpu, source, clock, events } = await setUp(well);
  source.read = () => new Promise(() => {}); // ignores its signal
  const refreshed = gpu.refresh();
  await clock.advance(5_000);
  expect(await refreshed).toMatchObject({ state: 'stuck', reason: 'read-timed-out', nextTryAtMs: 1_065_000 });
  const next = vi.fn(async () => well);
  source.read = next;
  await clock.advance(60_000);
  expect(next).not.toHaveBeenCalled();
  expect(gpu.status().evidence).toBe('the reading before has not returned');
  expect(events.map((event) => event.type === 'state' && event.to)).toEqual(['ok', 'stuck']);
  await gpu.close();
});

it('waits longer after each failure in a row, and no longer than the interval after success', async () => {
  const { gpu, source, clock } = await setUp({ ok: false, reason: 'driver-mismatch' });
  await clock.advance(60_000); // second failure: two minutes
  await clock.advance(119_999);
  expect(source.rounds()).toBe(2);
  source.play(well);
  await clock.advance(1);
  expect(gpu.status().state).toBe('ok');
  await clock.advance(10_000);
  expect(source.rounds()).toBe(4);
  await gpu.close();
});

it('gives up after five crashes in ten minutes, until somebody asks', async () => {
  const { gpu, source, clock } = await setUp({ ok: false, reason: 'helper-crashed', evidence: 'SIGSEGV' });
  await clock.advance(3_600_000);
  expect(source.rounds()).toBe(5);
  expect(gpu.status()).toMatchObject({ state: 'degraded', reason: 'helper-gave-up', evidence: 'SIGSEGV' });
  expect(gpu.status().nextTryAtMs).toBeUndefined();
  source.play(well);
  expect((await gpu.refresh()).state).toBe('ok');
  await clock.advance(10_000);
  expect(source.rounds()).toBe(7); // the loop goes on again
  await gpu.close();
});

const throwing = (): never => {
  throw new Error('listener');
};

it.for<[string, () => unknown]>([
  ['throws', throwing],
  ['rejects', async () => throwing()], // an unhandled rejection would end the service
])('survives a source that throws and a listener that %s', async ([, onEvent]) => {
  const { gpu, lines } = await setUp(new Error('bus error'), { onEvent });
  expect(gpu.status()).toMatchObject({ state: 'degraded', reason: 'source-failed', evidence: 'bus error' });
  expect(lines).toEqual([
    'warn: the GPU source threw an error',
    'error: the GPU monitor option onEvent threw',
  ]);
  await gpu.close();
});

it('tells of a GPU that is lost and comes back', async () => {
  const both = fakeReport(fakeDevice({ index: 0, utilization: 0 }), fakeDevice({ index: 1, utilization: 0 }));
  const { gpu, source, events } = await setUp(both);
  source.play(well);
  await gpu.refresh();
  source.play(both);
  await gpu.refresh();
  const told = events.flatMap((event) => ('device' in event ? [`${event.type} ${event.device.uuid}`] : []));
  expect(told).toEqual(['device-lost GPU-1', 'device-back GPU-1']);
  await gpu.close();
});

it('calls readings stale when the clock has left them behind, and never gives them a negative age', async () => {
  const { gpu, clock } = await setUp(well);
  clock.jumpTo(1_030_001);
  expect(gpu.snapshot()?.stale).toBe(true);
  expect(await readingNames(gpu)).toEqual([]);
  clock.jumpTo(0);
  expect(gpu.snapshot()?.ageMs).toBe(0);
  await gpu.close();
});

it('reads on at the interval when somebody finds the GPU before it was looked for again', async () => {
  const { gpu, source, clock } = await setUp(noGpu);
  source.play(well);
  await gpu.refresh();
  await clock.advance(10_000);
  expect(source.rounds()).toBe(3);
  await gpu.close();
});

it('joins a refresh to the round under way', async () => {
  const { gpu, source } = await setUp(well);
  await Promise.all([gpu.refresh(), gpu.refresh()]);
  expect(source.rounds()).toBe(2);
  await gpu.close();
});

it('closes once however often it is asked, and is silent afterwards', async () => {
  const { gpu, source, clock } = await setUp(well);
  await Promise.all([gpu.close(), gpu.close(), gpu[Symbol.asyncDispose]()]);
  expect(source.isClosed()).toBe(true);
  expect(gpu.status()).toMatchObject({ state: 'closed', reason: 'closed' });
  expect((await gpu.refresh()).state).toBe('closed');
  expect(await metricNames(gpu)).toEqual([]);
  await clock.advance(3_600_000);
  expect(source.rounds()).toBe(1);
});

it('closes within two seconds while the driver hangs', async () => {
  const { gpu, source, clock } = await setUp(well);
  source.play('hang');
  const refreshed = gpu.refresh();
  const closed = gpu.close();
  await clock.advance(2_000);
  await closed;
  await refreshed;
  expect(gpu.status().state).toBe('closed');
});

it.for<[string, () => Promise<void>]>([
  ['never closes', () => new Promise(() => {})],
  ['throws when it is closed', throwing],
])('closes, within five seconds, though the source %s', async ([, close]) => {
  const { gpu, clock } = await setUp(well, { source: { ...scriptedGpuSource(well), close } });
  const closed = gpu.close();
  await clock.advance(5_000);
  await closed;
  expect(gpu.status().state).toBe('closed');
});

it('survives a logger that throws', async () => {
  const logger = { debug: throwing, info: throwing, warn: throwing, error: throwing };
  const { gpu, source, clock } = await setUp(well, { logger, onEvent: throwing });
  source.play(noGpu);
  await clock.advance(10_000);
  expect(gpu.status()).toMatchObject({ state: 'none', reason: 'no-gpu' });
  await gpu.close();
});
