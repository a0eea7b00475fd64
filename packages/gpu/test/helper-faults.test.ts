/** The whole path for real, and what goes wrong on it. More of that: helper-faults.integration.test.ts. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGpuMonitor } from '../src/index.ts';
import { eventually, fakeDriver, first, hang, setUp } from './fake-driver.ts';
import { hasGcc } from './gcc.ts';
import { isRunning } from './is-running.ts';

describe.skipIf(!hasGcc)('with a library compiled from C', () => {
  it('keeps the service going while the driver hangs, leaves the helper alone, and reads on with it', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml, clock } = await setUp(scenario);
    const { refreshed, pid } = await hang(gpu, nvml, scenario);

    // The reading is out; files and timers of the service work as ever.
    const order: string[] = [];
    const noted = refreshed.then(() => order.push('reading'));
    await readFile(nvml.libraryPath);
    order.push('file');
    await clock.advance(5_000);
    await noted;
    expect(order).toEqual(['file', 'reading']);
    expect(gpu.status()).toMatchObject({ state: 'stuck', reason: 'read-timed-out' });
    const { resourceMetrics } = await gpu.metricProducer.collect();
    const names = resourceMetrics.scopeMetrics[0]?.metrics.map(({ descriptor }) => descriptor.name);
    expect(names).toEqual(['tidewatch_gpu_rounds_total', 'tidewatch_gpu_round_duration_seconds']);

    await nvml.play(scenario);
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
    expect(isRunning(pid)).toBe(true); // killed in the middle of a call it might have taken the GPU along
  });

  it('survives a segmentation fault in the driver and starts again', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml, clock } = await setUp(scenario);
    await nvml.play({ ...scenario, crash: ['nvmlDeviceGetUUID'] });
    expect(await gpu.refresh()).toMatchObject({
      state: 'degraded',
      reason: 'helper-crashed',
      evidence: 'SIGSEGV',
    });
    await nvml.play(scenario);
    await clock.advance(1_000);
    await eventually(() => expect(gpu.status().state).toBe('ok'));
  });

  it('survives a helper that somebody kills', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml } = await setUp(scenario);
    const { refreshed, pid } = await hang(gpu, nvml, scenario);
    process.kill(pid, 'SIGKILL');
    expect(await refreshed).toMatchObject({ reason: 'helper-crashed', evidence: 'SIGKILL' });
    await nvml.play(scenario);
    expect((await gpu.refresh()).state).toBe('ok');
  });

  it('takes the path of the library from the environment', async () => {
    const nvml = await fakeDriver();
    await nvml.play({ gpus: [first] });
    vi.stubEnv('TIDEWATCH_NVML_LIBRARY', nvml.libraryPath);
    onTestFinished(() => void vi.unstubAllEnvs());
    const gpu = await createGpuMonitor();
    onTestFinished(() => gpu.close());
    expect(gpu.status()).toMatchObject({ state: 'ok', source: 'nvml' });
  });
});

describe('without a helper', () => {
  it('says that the helper could not be started, and starts it once it can', async () => {
    const { execPath } = process;
    process.execPath = '/nowhere/node'; // as when Node is replaced under a running service
    onTestFinished(() => void (process.execPath = execPath));
    const gpu = await createGpuMonitor({ libraryPath: '/nowhere/libnvidia-ml.so.1' });
    onTestFinished(() => gpu.close());
    expect(gpu.status()).toMatchObject({
      state: 'degraded',
      reason: 'helper-not-started',
      evidence: 'ENOENT',
    });
    process.execPath = execPath;
    expect((await gpu.refresh()).reason).toBe('library-not-found');
  });

  it('never starts a helper from a helper', async () => {
    vi.stubEnv('TIDEWATCH_GPU_HELPER', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const gpu = await createGpuMonitor({ source: 'nvml' });
    onTestFinished(() => gpu.close());
    expect(gpu.status()).toMatchObject({ state: 'none', reason: 'helper-not-allowed' });
  });
});
