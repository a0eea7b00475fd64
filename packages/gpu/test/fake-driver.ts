/** The library compiled from C, for the tests of this package; it is compiled once and copied for each test. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manualClock, type ManualClock } from '@tidewatch/core/testing';
import { expect, onTestFinished, vi } from 'vitest';
import { readingNames } from '../src/device/gpu-device.ts';
import { createGpuMonitor, type GpuDevice, type GpuMonitor, type GpuMonitorOptions } from '../src/index.ts';
import { fakeNvmlAt } from '../src/testing/fake-nvml.ts';
import {
  buildFakeNvml,
  fakeNvmlSource,
  type FakeGpu,
  type FakeNvml,
  type FakeScenario,
} from '../src/testing/index.ts';

const cacheFolder = fileURLToPath(new URL('../node_modules/.cache/fake-nvml', import.meta.url));

export const first: FakeGpu = {
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
export const second: FakeGpu = {
  uuid: 'GPU-2',
  name: 'NVIDIA H200',
  memoryTotalBytes: 2000,
  memoryUsedBytes: 0,
  temperatureCelsius: 30,
};

export const point = (value: number): object => ({ ok: true, kind: 'point', value });
export const mean = (value: number): object => ({ ok: true, kind: 'mean', value });

/** A device without its details. */
export function mainReadings({ index, uuid, name, ...readings }: GpuDevice): object {
  const main = readingNames.map((reading) => [reading, readings[reading]]);
  return { index, uuid, name, ...Object.fromEntries(main) };
}

/** A process may take seconds to start on a busy machine; the test's own timeout is the limit. */
export async function eventually<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 15_000 });
}

/** Gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-nvml-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A library of the test's own, as a driver of that age has it. */
export async function fakeDriver(driverBranch = 590): Promise<FakeNvml> {
  const libraryPath = join(await temporaryFolder(), 'libnvidia-ml.so.1');
  await copyFile(await compiled(driverBranch), libraryPath);
  return fakeNvmlAt(libraryPath);
}

/** The library of these sources, compiled now or for an earlier test. */
async function compiled(driverBranch: number): Promise<string> {
  const hash = createHash('sha256');
  const flags = fileURLToPath(new URL('../src/testing/fake-nvml.ts', import.meta.url));
  for (const source of [fakeNvmlSource, join(dirname(fakeNvmlSource), 'nvml-structs.h'), flags]) {
    hash.update(await readFile(source));
  }
  const cached = join(cacheFolder, `${hash.digest('hex').slice(0, 16)}-${driverBranch}.so`);
  if (existsSync(cached)) return cached;
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'new-'));
  const { libraryPath } = await buildFakeNvml({ folder, driverBranch });
  await rename(libraryPath, cached); // whole or not at all: several files of tests may do this at once
  await rm(folder, { recursive: true });
  return cached;
}

export interface SetUp {
  readonly gpu: GpuMonitor;
  readonly nvml: FakeNvml;
  readonly clock: ManualClock;
}

/** A monitor over a fake driver that plays the scenario. */
export async function setUp(
  scenario: FakeScenario,
  { nvml, ...options }: GpuMonitorOptions & { readonly nvml?: FakeNvml } = {},
): Promise<SetUp> {
  const driver = nvml ?? (await fakeDriver());
  await driver.play(scenario);
  const clock = manualClock();
  const gpu = await createGpuMonitor({ libraryPath: driver.libraryPath, clock, ...options });
  onTestFinished(() => gpu.close());
  return { gpu, nvml: driver, clock };
}

/** Starts a reading that hangs, and waits until the helper is inside the hanging call. */
export async function hang(
  gpu: GpuMonitor,
  nvml: FakeNvml,
  scenario: FakeScenario,
): Promise<{ readonly refreshed: ReturnType<GpuMonitor['refresh']>; readonly pid: number }> {
  await nvml.play({ ...scenario, hang: ['nvmlDeviceGetPowerUsage'] });
  const refreshed = gpu.refresh();
  const pid = await eventually(async () => {
    const pid = await nvml.hangingProcess();
    expect(pid).toBeDefined();
    return pid ?? 0;
  });
  return { refreshed, pid };
}
