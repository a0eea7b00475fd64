/** The whole path for real: our process, a helper process, koffi, and a library compiled from C. */
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { manualClock } from '@tidewatch/core/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readingNames } from '../src/device/gpu-device.ts';
import { createGpuMonitor, type GpuDevice, type GpuMonitor, type GpuMonitorOptions } from '../src/index.ts';
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
const mean = (value: number) => ({ ok: true, kind: 'mean', value });

/** A device without its details. */
function mainReadings({ index, uuid, name, ...readings }: GpuDevice): object {
  const main = readingNames.map((reading) => [reading, readings[reading]]);
  return { index, uuid, name, ...Object.fromEntries(main) };
}

let modern: FakeNvml;

/** A process may take seconds to start on a busy machine; the test's own timeout is the limit. */
async function eventually<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 15_000 });
}

async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'fake-nvml-'));
}

async function setUp(scenario: FakeScenario, nvml = modern, options: GpuMonitorOptions = {}) {
  await nvml.play(scenario);
  const clock = manualClock();
  const gpu = await createGpuMonitor({ libraryPath: nvml.libraryPath, clock, ...options });
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
    expect(gpu.snapshot()?.devices.map(mainReadings)).toEqual([
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

  it('ends a helper that has not answered three times, and starts another', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml, clock } = await setUp(scenario);
    const { refreshed, pid } = await hang(gpu, nvml, scenario);
    await clock.advance(5_000);
    await refreshed;
    for (let i = 0; i < 2; i++) {
      expect(isRunning(pid)).toBe(true);
      const again = gpu.refresh();
      await clock.advance(5_000);
      expect(await again).toMatchObject({ state: 'stuck', reason: 'read-timed-out' });
    }
    await clock.advance(1_000); // it was asked to leave, and is told to
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await nvml.play(scenario);
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
  });

  it('never ends a helper that is late every time', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml, clock } = await setUp(scenario);
    const pids = new Set<number>();
    for (let i = 0; i < 4; i++) {
      const { refreshed, pid } = await hang(gpu, nvml, scenario);
      pids.add(pid);
      await clock.advance(5_000);
      await refreshed;
      await nvml.play(scenario);
      await sleep(50); // the library looks every 5 ms whether it may go on
    }
    expect((await gpu.refresh()).state).toBe('ok');
    expect(pids.size).toBe(1);
  });

  it('starts a fresh library after five rounds in a row with an unknown error', async () => {
    const { gpu, nvml } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [{ ...first, fail: { nvmlDeviceGetPowerUsage: 999 } }] });
    for (let i = 0; i < 5; i++) {
      await gpu.refresh();
      expect(gpu.snapshot()?.devices[0]?.powerWatts).toEqual({ ok: false, why: 'error', code: 999 });
      expect(gpu.snapshot()?.devices[0]?.utilization).not.toMatchObject({ n: 3 });
    }
    await gpu.refresh();
    // A fresh library hands out all samples again.
    expect(gpu.snapshot()?.devices[0]?.utilization).toMatchObject({ n: 3 });
  });

  it('starts NVML again at once where somebody else shut it down, and gives up where that does not help', async () => {
    const { gpu, nvml } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [first], fail: { nvmlDeviceGetCount_v2: 1 } });
    expect(await gpu.refresh()).toMatchObject({
      reason: 'driver-failed',
      evidence: 'nvmlDeviceGetCount_v2 answered 1',
    });
  });

  it('does not ask each round for what the GPU refused, and asks again in a slow round', async () => {
    const { gpu, nvml, clock } = await setUp({ gpus: [{ ...first, fail: { nvmlDeviceGetPowerUsage: 3 } }] });
    await nvml.play({ gpus: [first] });
    await gpu.refresh();
    expect(gpu.snapshot()?.devices[0]?.powerWatts).toEqual({ ok: false, why: 'unsupported', code: 3 });
    await clock.advance(60_000);
    await gpu.refresh(); // the round that the clock began, if it is still out
    await gpu.refresh();
    expect(gpu.snapshot()?.devices[0]?.powerWatts).toEqual(point(412.345));
  });

  it('asks for the second time up to a tenth of the interval earlier, each service by its own luck', async () => {
    const { gpu } = await setUp({ gpus: [first] }, modern, { random: () => 0.5 });
    expect(gpu.status().nextTryAtMs).toBe(9_500);
    await gpu.refresh();
    expect(gpu.status().nextTryAtMs).toBe(10_000);
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

  it('loads the new library after an upgrade of the driver, not the one it had', async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true }));
    const before = await buildFakeNvml({ folder });
    const { gpu } = await setUp({ gpus: [first] }, before);
    expect(gpu.snapshot()?.devices[0]?.memoryUsedBytes).toEqual(point(33_934_016_512));
    // A package manager puts the new file in the place of the old one; the old one fails from then on.
    const other = await temporaryFolder();
    onTestFinished(() => rm(other, { recursive: true }));
    await rename((await buildFakeNvml({ folder: other, driverBranch: 470 })).libraryPath, before.libraryPath);
    await before.play({ gpus: [first], fail: { nvmlDeviceGetCount_v2: 18 } });
    await gpu.refresh();
    await before.play({ gpus: [first] });
    expect((await gpu.refresh()).state).toBe('ok');
    // Only the library of 2021 counts the driver's reserve as used.
    expect(gpu.snapshot()?.devices[0]?.memoryUsedBytes).toEqual(point(33_934_016_512 + 643_825_664));
  });

  it('loads the new library after an upgrade in this very process, too', async () => {
    const folder = await temporaryFolder();
    const other = await temporaryFolder();
    onTestFinished(async () => {
      await rm(folder, { recursive: true });
      await rm(other, { recursive: true });
    });
    const before = await buildFakeNvml({ folder });
    const { gpu } = await setUp({ gpus: [first] }, before, { isolation: 'inline' });
    await rename((await buildFakeNvml({ folder: other, driverBranch: 470 })).libraryPath, before.libraryPath);
    await before.play({ gpus: [first], fail: { nvmlDeviceGetCount_v2: 18 } });
    expect(await gpu.refresh()).toMatchObject({ reason: 'driver-mismatch' });
    await before.play({ gpus: [first] });
    expect((await gpu.refresh()).state).toBe('ok');
    expect(gpu.snapshot()?.devices[0]?.memoryUsedBytes).toEqual(point(33_934_016_512 + 643_825_664));
  });

  it('knows a container that lost its devices', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { gpu } = await setUp({ gpus: [first], fail: { nvmlInit_v2: 999 } });
    expect(gpu.status()).toMatchObject({ state: 'blocked', reason: 'container-lost-devices' });
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

  it('reads the details that a modern data-centre GPU has', async () => {
    const detailed: FakeGpu = {
      ...first,
      powerLimitMilliwatts: 700_000,
      fanPercent: 0,
      clocks: { 1: 1_755, 2: 2_619 },
      eccErrors: { corrected: 3, uncorrected: 0 },
      fields: { 82: 52, 74: 7_000_000_000, 270: 12, 197: 9_007_199_254_740 },
      gpm: { 2: 61.5, 3: 18.25, 10: 33 },
    };
    const { gpu, clock } = await setUp({ gpus: [detailed] });
    expect(gpu.snapshot()?.devices[0]?.details?.smUtilization).toEqual({ ok: false, why: 'not-ready' });
    await sleep(110); // the driver wants its two samples this far apart
    await clock.advance(10_000);
    await eventually(() => expect(gpu.snapshot()?.devices[0]?.details?.smUtilization?.ok).toBe(true));
    const unsupported = { ok: false, why: 'unsupported', code: 3 };
    expect(gpu.snapshot()?.devices[0]?.details).toEqual({
      smUtilization: mean(0.615),
      smOccupancy: mean(0.1825),
      tensorUtilization: unsupported,
      dramUtilization: mean(0.33),
      memoryReservedBytes: point(643_825_664),
      memoryTemperatureCelsius: point(52),
      smClockHertz: point(1_755_000_000),
      memoryClockHertz: point(2_619_000_000),
      powerLimitWatts: point(700),
      fanRatio: point(0),
      eccCorrectedErrors: point(3),
      eccUncorrectedErrors: point(0),
      powerCapSeconds: point(7),
      hardwareThermalSeconds: point(12e-9),
      pcieTransmittedBytes: point(9_007_199_254_740),
      pcieReceivedBytes: unsupported,
      syncBoostSeconds: unsupported,
      softwareThermalSeconds: unsupported,
      powerBrakeSeconds: unsupported,
    });
  });

  it('reads what is dear once a minute, and carries its last answer along', async () => {
    const { gpu, nvml, clock } = await setUp({ gpus: [{ ...first, fanPercent: 30 }] });
    const fan = (): unknown => gpu.snapshot()?.devices[0]?.details?.fanRatio;
    await nvml.play({ gpus: [{ ...first, fanPercent: 90 }] });
    await gpu.refresh();
    expect(fan()).toEqual(point(0.3));
    await clock.advance(60_000);
    await gpu.refresh(); // the round that the clock began, if it is still out
    await gpu.refresh();
    expect(fan()).toEqual(point(0.9));
  });

  it('reads the instances of a GPU in MIG mode, over a gap in their numbers', async () => {
    const instances = [
      {
        uuid: 'MIG-a',
        name: 'NVIDIA H200 MIG 3g.71gb',
        memoryTotalBytes: 71,
        memoryUsedBytes: 1,
        gpm: { 2: 50 },
      },
      undefined,
      { uuid: 'MIG-b', name: 'NVIDIA H200 MIG 1g.18gb', memoryTotalBytes: 18, memoryUsedBytes: 0 },
    ];
    const { gpu } = await setUp({ gpus: [{ ...second, instances }] });
    await sleep(110);
    await gpu.refresh();
    expect(gpu.snapshot()?.devices[0]?.instances).toEqual([
      {
        uuid: 'MIG-a',
        name: 'NVIDIA H200 MIG 3g.71gb',
        memoryUsedBytes: point(1),
        memoryTotalBytes: point(71),
        smUtilization: mean(0.5),
        sliceRatio: 3 / 7,
      },
      {
        uuid: 'MIG-b',
        name: 'NVIDIA H200 MIG 1g.18gb',
        memoryUsedBytes: point(0),
        memoryTotalBytes: point(18),
        smUtilization: { ok: false, why: 'unsupported', code: 3 },
        sliceRatio: 1 / 7,
      },
    ]);
  });

  it('tells of each XID once, by the GPU that had it', async () => {
    const { gpu, nvml } = await setUp({ gpus: [first, second] });
    await nvml.play({
      gpus: [first, second],
      xids: [
        [1, 79],
        [1, 31],
        [0, 31],
      ],
    });
    await gpu.refresh();
    expect(gpu.snapshot()?.devices.map(({ xids }) => xids)).toEqual([[31], [79, 31]]);
    await gpu.refresh();
    expect(gpu.snapshot()?.devices.map(({ xids }) => xids)).toEqual([undefined, undefined]);
    const { resourceMetrics } = await gpu.metricProducer.collect();
    const families = resourceMetrics.scopeMetrics[0]?.metrics ?? [];
    const xids = families.find(({ descriptor }) => descriptor.name.startsWith('gpu_xid_errors'));
    expect(xids?.dataPoints.map(({ attributes, value }) => [attributes['xid'], value])).toEqual([
      ['31', 1],
      ['79', 1],
      ['31', 1],
    ]);
  });

  it.for([
    // who computes                                            we hold              why the row is here
    [
      [
        { pid: process.pid, memoryUsedBytes: 5e9 },
        { pid: 1, memoryUsedBytes: 1 },
      ],
      point(5e9),
    ],
    [[], point(0)], //                                                              nobody: surely not we
    [[{ pid: process.pid }], { ok: false, why: 'unsupported' }], //                 WDDM tells no memory
  ] as const)('finds the service among %j', async ([processes, expected]) => {
    const { gpu } = await setUp({ gpus: [{ ...first, processes }] });
    expect(gpu.snapshot()?.devices[0]?.selfMemoryBytes).toEqual(expected);
    expect(gpu.snapshot()?.devices[0]?.processes).toBeUndefined();
  });

  it('lists all processes where they are asked for, more than the first buffer holds', async () => {
    const processes = Array.from({ length: 40 }, (_, i) => ({ pid: 1000 + i, memoryUsedBytes: i }));
    const { gpu } = await setUp({ gpus: [{ ...first, processes }] }, modern, { processes: 'all' });
    expect(gpu.snapshot()?.devices[0]?.processes).toEqual(
      processes.map(({ pid, memoryUsedBytes }) => ({ pid, memoryUsedBytes: point(memoryUsedBytes) })),
    );
  });

  it('reads in this very process where that is asked for', async () => {
    const { gpu } = await setUp({ gpus: [first] }, modern, { isolation: 'inline' });
    expect(gpu.status()).toMatchObject({ state: 'ok', source: 'nvml' });
    expect(gpu.snapshot()?.devices[0]).toMatchObject({ powerWatts: point(412.345) });
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
