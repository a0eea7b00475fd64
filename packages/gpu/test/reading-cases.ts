import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGpuMonitor, type GpuMonitorOptions } from '../src/index.ts';
import type { FakeGpu } from '../src/testing/index.ts';
import {
  eventually,
  fakeDriver,
  first,
  mainReadings,
  mean,
  point,
  second,
  setUp,
  temporaryFolder,
} from './fake-driver.ts';
import { hasGcc } from './gcc.ts';

/** What is read from a driver, wherever it is called: in a helper process, or in this very one. */
export function readingCases(isolation: NonNullable<GpuMonitorOptions['isolation']>): void {
  describe.skipIf(!hasGcc)('with a library compiled from C', () => {
    it('reads every value of every GPU, and leaves out what the driver does not have', async () => {
      const { gpu } = await setUp({ gpus: [first, second] }, { isolation });
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
      const nvml = await fakeDriver(470);
      const { gpu } = await setUp({ gpus: [first] }, { nvml, isolation });
      expect(gpu.snapshot()?.devices[0]).toMatchObject({
        memoryUsedBytes: point(33_934_016_512 + 643_825_664),
        temperatureCelsius: point(41),
      });
    });

    it('follows the samples of the driver, each once', async () => {
      const { gpu, nvml } = await setUp({ gpus: [first] }, { isolation });
      await nvml.play({ gpus: [{ ...first, utilizationSamples: [10, 20, 90, 0, 50] }] });
      await gpu.refresh();
      expect(gpu.snapshot()?.devices[0]?.utilization).toMatchObject({ kind: 'mean', value: 0.25, n: 2 });
      await gpu.refresh();
      expect(gpu.snapshot()?.devices[0]?.utilization).toEqual(point(0.07)); // nothing new: of the moment
    });

    it('starts a fresh library after five rounds in a row with an unknown error', async () => {
      const { gpu, nvml } = await setUp({ gpus: [first] }, { isolation });
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
      const { gpu, nvml } = await setUp({ gpus: [first] }, { isolation });
      await nvml.play({ gpus: [first], fail: { nvmlDeviceGetCount_v2: 1 } });
      expect(await gpu.refresh()).toMatchObject({
        reason: 'driver-failed',
        evidence: 'nvmlDeviceGetCount_v2 answered 1',
      });
    });

    it('does not ask each round for what the GPU refused, and asks again in a slow round', async () => {
      const { gpu, nvml, clock } = await setUp(
        { gpus: [{ ...first, fail: { nvmlDeviceGetPowerUsage: 3 } }] },
        { isolation },
      );
      await nvml.play({ gpus: [first] });
      await gpu.refresh();
      expect(gpu.snapshot()?.devices[0]?.powerWatts).toEqual({ ok: false, why: 'unsupported', code: 3 });
      await clock.advance(60_000);
      await gpu.refresh(); // the round that the clock began, if it is still out
      await gpu.refresh();
      expect(gpu.snapshot()?.devices[0]?.powerWatts).toEqual(point(412.345));
    });

    it('asks for the second time up to a tenth of the interval earlier, each service by its own luck', async () => {
      const { gpu } = await setUp({ gpus: [first] }, { isolation, random: () => 0.5 });
      expect(gpu.status().nextTryAtMs).toBe(9_500);
      await gpu.refresh();
      expect(gpu.status().nextTryAtMs).toBe(10_000);
    });

    it('says which GPU is lost, publishes nothing of it, and takes it back', async () => {
      const { gpu, nvml } = await setUp({ gpus: [first, second] }, { isolation });
      await nvml.play({ gpus: [{ ...first, fail: { '*': 15 } }, second] });
      expect(await gpu.refresh()).toMatchObject({ state: 'degraded', reason: 'devices-lost' });
      const [lost, well] = gpu.snapshot()?.devices ?? [];
      expect(lost).toMatchObject({ uuid: first.uuid, powerWatts: { ok: false, why: 'lost', code: 15 } });
      expect(well).toMatchObject({ temperatureCelsius: point(30) });
      await nvml.play({ gpus: [first, second] });
      expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
    });

    it('starts a fresh library when every GPU was lost', async () => {
      const { gpu, nvml } = await setUp({ gpus: [first] }, { isolation });
      await nvml.play({ gpus: [{ ...first, fail: { '*': 15 } }] });
      expect(await gpu.refresh()).toMatchObject({ reason: 'devices-lost' });
      await nvml.play({ gpus: [first] });
      expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
      // A fresh library hands out all samples again.
      expect(gpu.snapshot()?.devices[0]?.utilization).toMatchObject({ n: 3 });
    });

    it('loads the new library after an upgrade of the driver, not the one it had', async () => {
      const before = await fakeDriver();
      const { gpu } = await setUp({ gpus: [first] }, { nvml: before, isolation });
      expect(gpu.snapshot()?.devices[0]?.memoryUsedBytes).toEqual(point(33_934_016_512));
      // A package manager puts the new file in the place of the old one; the old one fails from then on.
      await rename((await fakeDriver(470)).libraryPath, before.libraryPath);
      await before.play({ gpus: [first], fail: { nvmlDeviceGetCount_v2: 18 } });
      expect(await gpu.refresh()).toMatchObject({ state: 'mismatch', reason: 'driver-mismatch' });
      await before.play({ gpus: [first] });
      expect((await gpu.refresh()).state).toBe('ok');
      // Only the library of 2021 counts the driver's reserve as used.
      expect(gpu.snapshot()?.devices[0]?.memoryUsedBytes).toEqual(point(33_934_016_512 + 643_825_664));
    });

    it('knows a container that lost its devices', async () => {
      vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
      onTestFinished(() => void vi.unstubAllEnvs());
      const { gpu } = await setUp({ gpus: [first], fail: { nvmlInit_v2: 999 } }, { isolation });
      expect(gpu.status()).toMatchObject({ state: 'blocked', reason: 'container-lost-devices' });
    });

    it.for([
      // init answers  state        reason
      [9, 'none', 'driver-not-loaded'],
      [18, 'mismatch', 'driver-mismatch'],
      [4, 'blocked', 'no-permission'],
    ] as const)(
      'a driver that answers %i at the start is %s: %s, and heals',
      async ([code, state, reason]) => {
        const { gpu, nvml } = await setUp({ gpus: [first], fail: { nvmlInit_v2: code } }, { isolation });
        expect(gpu.status()).toMatchObject({ state, reason, evidence: `nvmlInit_v2 answered ${code}` });
        await nvml.play({ gpus: [first] });
        expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
      },
    );

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
      const { gpu, clock } = await setUp({ gpus: [detailed] }, { isolation });
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
      const { gpu, nvml, clock } = await setUp({ gpus: [{ ...first, fanPercent: 30 }] }, { isolation });
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
      const { gpu } = await setUp({ gpus: [{ ...second, instances }] }, { isolation });
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
      const { gpu, nvml } = await setUp({ gpus: [first, second] }, { isolation });
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
      const { gpu } = await setUp({ gpus: [{ ...first, processes }] }, { isolation });
      expect(gpu.snapshot()?.devices[0]?.selfMemoryBytes).toEqual(expected);
      expect(gpu.snapshot()?.devices[0]?.processes).toBeUndefined();
    });

    it('lists all processes where they are asked for, more than the first buffer holds', async () => {
      const processes = Array.from({ length: 40 }, (_, i) => ({ pid: 1000 + i, memoryUsedBytes: i }));
      const { gpu } = await setUp({ gpus: [{ ...first, processes }] }, { isolation, processes: 'all' });
      expect(gpu.snapshot()?.devices[0]?.processes).toEqual(
        processes.map(({ pid, memoryUsedBytes }) => ({ pid, memoryUsedBytes: point(memoryUsedBytes) })),
      );
    });

    it('sees GPUs come and go', async () => {
      const { gpu, nvml } = await setUp({ gpus: [] }, { isolation });
      expect(gpu.status()).toMatchObject({ state: 'none', reason: 'no-devices' });
      await nvml.play({ gpus: [first, second] });
      await gpu.refresh();
      expect(gpu.snapshot()?.devices).toHaveLength(2);
    });

    it('says that the path given leads nowhere', async () => {
      const gpu = await createGpuMonitor({ libraryPath: '/nowhere/libnvidia-ml.so.1', isolation });
      onTestFinished(() => gpu.close());
      expect(gpu.status()).toMatchObject({ state: 'none', reason: 'library-not-found' });
      expect(gpu.status().evidence).toContain('/nowhere/libnvidia-ml.so.1');
    });

    it('says that an empty file, as a broken container mount leaves, is no library', async () => {
      const libraryPath = join(await temporaryFolder(), 'libnvidia-ml.so.1');
      await writeFile(libraryPath, '');
      const gpu = await createGpuMonitor({ libraryPath, isolation });
      onTestFinished(() => gpu.close());
      expect(gpu.status()).toMatchObject({ state: 'none', reason: 'library-unusable' });
    });
  });
}
