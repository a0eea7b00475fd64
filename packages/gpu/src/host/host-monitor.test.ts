import { ConfigError } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it, vi } from 'vitest';
import { hostMetrics } from './host-metrics.ts';
import { createHostMonitor, type HostMonitor } from './host-monitor.ts';
import { systemProbe, type HostProbe } from './host-probe.ts';

/** Half of the time busy, 3 of 8 GB used. */
function steadyProbe(): HostProbe {
  let calls = 0;
  return {
    cpuTimes: () => ({ busyMs: ++calls * 50, totalMs: calls * 100 }),
    memory: async () => ({ usedBytes: 3e9, totalBytes: 8e9 }),
  };
}

async function metrics(host: HostMonitor): Promise<Record<string, number | undefined>> {
  const { resourceMetrics } = await host.metricProducer.collect();
  const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return Object.fromEntries(
    all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value as number | undefined]),
  );
}

it('publishes processors from the second round on, memory from the first', async () => {
  const clock = manualClock();
  const host = createHostMonitor({ clock, probe: steadyProbe() });
  expect(await metrics(host)).toEqual({});
  await clock.advance(0);
  expect(await metrics(host)).toMatchObject({ host_memory_used_bytes: 3e9, host_memory_total_bytes: 8e9 });
  expect(host.snapshot()).not.toHaveProperty('cpuUtilization');
  await clock.advance(10_000);
  expect(await metrics(host)).toMatchObject({ host_cpu_utilization: 0.5 });
  await host.close();
});

it('leaves out what fails, warns once, and goes on', async () => {
  const clock = manualClock();
  const warn = vi.fn();
  const memory = async (): Promise<never> => {
    throw new Error('no /proc');
  };
  const logger = { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() };
  const host = createHostMonitor({ clock, logger, probe: { ...steadyProbe(), memory } });
  await clock.advance(30_000);
  expect(await metrics(host)).toMatchObject({ host_cpu_utilization: 0.5 });
  expect(host.snapshot()).not.toHaveProperty('memoryUsedBytes');
  expect(warn).toHaveBeenCalledTimes(1);
  await host.close();
});

it('goes on with the processors while the memory is not told, asks once, and can be closed', async () => {
  const clock = manualClock();
  const memory = vi.fn(() => new Promise<never>(() => {}));
  const host = createHostMonitor({ clock, probe: { ...steadyProbe(), memory } });
  await clock.advance(35_000);
  expect(await metrics(host)).toMatchObject({ host_cpu_utilization: 0.5 });
  expect(host.snapshot()).not.toHaveProperty('memoryUsedBytes');
  expect(memory).toHaveBeenCalledTimes(1);
  await clock.advance(11_000); // into the next wait for the memory
  await host.close();
});

it('survives a logger that throws', async () => {
  const clock = manualClock();
  const broken = (): never => {
    throw new Error('the worker has exited');
  };
  const logger = { debug: broken, info: broken, warn: broken, error: broken };
  const probe = { ...steadyProbe(), memory: () => Promise.reject(new Error('no /proc')) };
  const host = createHostMonitor({ clock, logger, probe });
  await clock.advance(20_000);
  expect(await metrics(host)).toMatchObject({ host_cpu_utilization: 0.5 });
  await host.close();
});

it('publishes nothing once closed, and may be closed twice', async () => {
  const clock = manualClock();
  const host = createHostMonitor({ clock, probe: steadyProbe() });
  await clock.advance(0);
  await host.close();
  await host.close();
  expect(await metrics(host)).toEqual({});
  expect(host.snapshot()).toBeUndefined();
});

it('reads this machine', async () => {
  const { usedBytes, totalBytes } = await systemProbe.memory();
  expect(usedBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThan(usedBytes);
});

it.for([10, Number.NaN, Infinity, '10s'])('refuses an interval of %s', (intervalMs) => {
  expect(() => createHostMonitor({ intervalMs: intervalMs as number })).toThrow(ConfigError);
});

it('has the names of the design', () => {
  expect(hostMetrics.map(({ name }) => name)).toEqual([
    'host_cpu_utilization',
    'host_memory_used_bytes',
    'host_memory_total_bytes',
    'nodejs_eventloop_delay_seconds',
    'container_memory_limit_bytes',
    'container_memory_used_bytes',
    'container_cpu_limit',
    'host_controller_utilization',
    'host_controller_memory_used_bytes',
    'host_controller_memory_total_bytes',
  ]);
});
