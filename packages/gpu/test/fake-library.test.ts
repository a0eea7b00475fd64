/** The whole path for real: our process, a helper process, koffi, and a library compiled from C. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '@tidewatch/core/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGpuMonitor, type GpuMonitor } from '../src/index.ts';
import { buildFakeNvml, type FakeGpu, type FakeNvml, type FakeScenario } from '../src/testing/index.ts';
import { hasGcc } from './gcc.ts';
import { isRunning } from './is-running.ts';

const first: FakeGpu = {
  uuid: 'GPU-11111111-2222-3333-4444-555555555555',
  name: 'NVIDIA H200',
  utilizationPercent: 7,
  utilizationSamples: [10, 20, 90],
  memoryTotalBytes: 150_754_820_096,
  memoryUsedBytes: 33_934_016_512,
  memoryReservedBytes: 643_825_664,
  temperatureCelsius: 41,
  powerMilliwatts: 412_345,
  energyMillijoules: 9_007_199_254_740_000,
};
/** In MIG mode the driver knows no utilisation. */
const second: FakeGpu = {
  uuid: 'GPU-2',
  name: 'NVIDIA H200',
  memoryTotalBytes: 2000,
  memoryUsedBytes: 0,
  temperatureCelsius: 30,
};

const point = (value: number) => ({ ok: true, kind: 'point', value });

let modern: FakeNvml;

/** A process may take seconds to start on a busy machine; the test's own timeout is the limit. */
async function eventually<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 15_000 });
}

async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'fake-nvml-'));
}

async function setUp(scenario: FakeScenario, nvml = modern) {
  await nvml.play(scenario);
  const clock = manualClock();
  const gpu = await createGpuMonitor({ libraryPath: nvml.libraryPath, clock });
  onTestFinished(() => gpu.close());
  return { gpu, nvml, clock };
}

/** Starts a reading that hangs, and waits until the helper is inside the hanging call. */
async function hang(gpu: GpuMonitor, nvml: FakeNvml, scenario: FakeScenario) {
  await nvml.play({ ...scenario, hang: ['nvmlDeviceGetPowerUsage'] });
  const refreshed = gpu.refresh();
  const pid = await eventually(async () => {
    const pid = await nvml.hangingProcess();
    expect(pid).toBeDefined();
    return pid ?? 0;
  });
  return { refreshed, pid };
}

describe.skipIf(!hasGcc)('with a library compiled from C', { timeout: 20_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    modern = await buildFakeNvml({ folder });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads every value of every GPU, and leaves out what the driver does not have', async () => {
    const { gpu } = await setUp({ gpus: [first, second] });
    expect(gpu.status()).toMatchObject({ state: 'ok', source: 'nvml', driver: '590.48.01' });
    expect(gpu.snapshot()?.devices).toEqual([
      {
        index: 0,
        uuid: first.uuid,
        name: 'NVIDIA H200',
        utilization: { ok: true, kind: 'mean', value: 0.4, n: 3, max: 0.9 },
        memoryUsedBytes: point(33_934_016_512),
        memoryTotalBytes: point(150_754_820_096),
        temperatureCelsius: point(41),
        powerWatts: point(412.345),
        energyJoules: point(9_007_199_254_740),
      },
      {
        index: 1,
        uuid: 'GPU-2',
        name: 'NVIDIA H200',
        utilization: { ok: false, why: 'unsupported', code: 3 },
        memoryUsedBytes: point(0),
        memoryTotalBytes: point(2000),
        temperatureCelsius: point(30),
        powerWatts: { ok: false, why: 'unsupported', code: 3 },
        energyJoules: { ok: false, why: 'unsupported', code: 3 },
      },
    ]);
  });

  it('falls back to the older calls of a driver from 2021, whose "used" includes the reserve', async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true }));
    const { gpu } = await setUp({ gpus: [first] }, await buildFakeNvml({ folder, driverBranch: 470 }));
    expect(gpu.snapshot()?.devices[0]).toMatchObject({
      memoryUsedBytes: point(33_934_016_512 + 643_825_664),
      temperatureCelsius: point(41),
    });
  });

  it('follows the samples of the driver, each once', async () => {
    const { gpu, nvml } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [{ ...first, utilizationSamples: [10, 20, 90, 0, 50] }] });
    await gpu.refresh();
    expect(gpu.snapshot()?.devices[0]?.utilization).toMatchObject({ kind: 'mean', value: 0.25, n: 2 });
    await gpu.refresh();
    expect(gpu.snapshot()?.devices[0]?.utilization).toEqual(point(0.07)); // nothing new: of the moment
  });

  it('keeps the service going while the driver hangs, ends the helper, and reads again afterwards', async () => {
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
    expect((await gpu.metricProducer.collect()).resourceMetrics.scopeMetrics[0]?.metrics).toEqual([]);

    await eventually(() => expect(isRunning(pid)).toBe(false));
    await nvml.play(scenario);
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
  });

  it('survives a segmentation fault in the driver and starts again', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml, clock } = await setUp(scenario);
    await nvml.play({ ...scenario, crash: ['nvmlDeviceGetName'] });
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

  it('ends a helper that hangs while it leaves, so that helpers never pile up', async () => {
    const { gpu, nvml, clock } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [], fail: { nvmlDeviceGetCount_v2: 999 }, hang: ['nvmlShutdown'] });
    expect(await gpu.refresh()).toMatchObject({ reason: 'driver-failed' });
    const pid = await eventually(async () => {
      const pid = (await nvml.hangingProcess()) ?? 0;
      expect(isRunning(pid)).toBe(true);
      return pid;
    });
    const refreshed = gpu.refresh();
    await clock.advance(1_000);
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await refreshed;
    await nvml.play({ gpus: [first] });
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
  });

  it('ends a helper that hangs while it leaves when the monitor is closed', async () => {
    const { gpu, nvml, clock } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [], fail: { nvmlDeviceGetCount_v2: 999 }, hang: ['nvmlShutdown'] });
    await gpu.refresh();
    const pid = await eventually(async () => {
      const pid = (await nvml.hangingProcess()) ?? 0;
      expect(isRunning(pid)).toBe(true);
      return pid;
    });
    const closed = gpu.close();
    await clock.advance(2_000);
    await closed;
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });

  it('leaves Ctrl-C to the service', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml } = await setUp(scenario);
    const { refreshed, pid } = await hang(gpu, nvml, scenario);
    process.kill(pid, 'SIGINT');
    await nvml.play(scenario);
    expect((await refreshed).state).toBe('ok');
  });

  it('takes the path of the library from the environment', async () => {
    await modern.play({ gpus: [first] });
    vi.stubEnv('TIDEWATCH_NVML_LIBRARY', modern.libraryPath);
    onTestFinished(() => void vi.unstubAllEnvs());
    const gpu = await createGpuMonitor();
    onTestFinished(() => gpu.close());
    expect(gpu.status()).toMatchObject({ state: 'ok', source: 'nvml' });
  });

  it('says which GPU is lost, publishes nothing of it, and takes it back', async () => {
    const { gpu, nvml } = await setUp({ gpus: [first, second] });
    await nvml.play({ gpus: [{ ...first, fail: { '*': 15 } }, second] });
    expect(await gpu.refresh()).toMatchObject({ state: 'degraded', reason: 'devices-lost' });
    const [lost, well] = gpu.snapshot()?.devices ?? [];
    expect(lost).toMatchObject({ uuid: first.uuid, powerWatts: { ok: false, why: 'lost', code: 15 } });
    expect(well).toMatchObject({ temperatureCelsius: point(30) });
    await nvml.play({ gpus: [first, second] });
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
  });

  it('starts a fresh library when every GPU was lost', async () => {
    const { gpu, nvml } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [{ ...first, fail: { '*': 15 } }] });
    expect(await gpu.refresh()).toMatchObject({ reason: 'devices-lost' });
    await nvml.play({ gpus: [first] });
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
    // A fresh library hands out all samples again.
    expect(gpu.snapshot()?.devices[0]?.utilization).toMatchObject({ n: 3 });
  });

  it.for([
    // init answers  state        reason
    [9, 'none', 'driver-not-loaded'],
    [18, 'mismatch', 'driver-mismatch'],
    [4, 'blocked', 'no-permission'],
  ] as const)('a driver that answers %i at the start is %s: %s, and heals', async ([code, state, reason]) => {
    const { gpu, nvml } = await setUp({ gpus: [first], fail: { nvmlInit_v2: code } });
    expect(gpu.status()).toMatchObject({ state, reason, evidence: `nvmlInit_v2 answered ${code}` });
    await nvml.play({ gpus: [first] });
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
  });

  it('sees GPUs come and go', async () => {
    const { gpu, nvml } = await setUp({ gpus: [] });
    expect(gpu.status()).toMatchObject({ state: 'none', reason: 'no-devices' });
    await nvml.play({ gpus: [first, second] });
    await gpu.refresh();
    expect(gpu.snapshot()?.devices).toHaveLength(2);
  });
});

describe('without a usable library', { timeout: 20_000 }, () => {
  it('says that the path given leads nowhere', async () => {
    const gpu = await createGpuMonitor({ libraryPath: '/nowhere/libnvidia-ml.so.1' });
    onTestFinished(() => gpu.close());
    expect(gpu.status()).toMatchObject({ state: 'none', reason: 'library-not-found' });
    expect(gpu.status().evidence).toContain('/nowhere/libnvidia-ml.so.1');
  });

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

  it('says that an empty file, as a broken container mount leaves, is no library', async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true }));
    const libraryPath = join(folder, 'libnvidia-ml.so.1');
    await writeFile(libraryPath, '');
    const gpu = await createGpuMonitor({ libraryPath });
    onTestFinished(() => gpu.close());
    expect(gpu.status()).toMatchObject({ state: 'none', reason: 'library-unusable' });
  });
});
