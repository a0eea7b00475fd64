import { expect, it } from 'vitest';
import { bindNvml, type NvmlCalls } from './nvml-calls.ts';
import { readDevice } from './read-device.ts';

const identity = { index: 0, uuid: 'GPU-1', name: 'Fake' };

/** Reads a GPU whose driver exports nothing but the given functions. */
function read(functions: Partial<NvmlCalls>): ReturnType<typeof readDevice> {
  const driver = { ...bindNvml({ find: () => undefined, unload: () => {} }), ...functions };
  return readDevice(driver, 1n, identity, { lastSeenUs: 0n });
}

it('calls every reading missing, none 0, when the driver exports nothing', () => {
  const missing = { ok: false, why: 'not-implemented', code: 13 };
  expect(read({})).toEqual({
    ...identity,
    utilization: missing,
    memoryUsedBytes: missing,
    memoryTotalBytes: missing,
    temperatureCelsius: missing,
    powerWatts: missing,
    energyJoules: missing,
    details: { memoryReservedBytes: missing },
  });
});

it('keeps an idle GPU at 0: zero is a value', () => {
  const { utilization } = read({ nvmlDeviceGetUtilizationRates: () => 0 });
  expect(utilization).toEqual({ ok: true, kind: 'point', value: 0 });
});

it('takes all ones as "not available", not as 18 exabytes', () => {
  const { memoryUsedBytes } = read({
    nvmlDeviceGetMemoryInfo_v2(_device, memory) {
      memory.fill(0xff);
      return 0;
    },
  });
  expect(memoryUsedBytes).toEqual({ ok: false, why: 'unsupported' });
});

it('reads 64-bit values beyond 2^53 without changing their type', () => {
  const { energyJoules } = read({
    nvmlDeviceGetTotalEnergyConsumption(_device, millijoules) {
      millijoules.writeBigUInt64LE(2n ** 60n);
      return 0;
    },
  });
  expect(energyJoules).toEqual({ ok: true, kind: 'point', value: 2 ** 60 / 1000 });
});

it.for([
  // code of the newer form, calls of the older ones
  [13, 2], // not exported
  [25, 2], // other version of the structure
  [26, 2], // withdrawn
  [3, 0], // not supported is an answer
  [15, 0], // lost is an answer
] as const)('after code %i from the versioned calls it makes %i older ones', ([code, expected]) => {
  let calls = 0;
  const older = (): number => {
    calls++;
    return 0;
  };
  read({
    nvmlDeviceGetMemoryInfo_v2: () => code,
    nvmlDeviceGetMemoryInfo: older,
    nvmlDeviceGetTemperatureV: () => code,
    nvmlDeviceGetTemperature: older,
  });
  expect(calls).toBe(expected);
});

it('writes the version word that NVML demands into the structure', () => {
  const words: number[] = [];
  const note = (_device: bigint, structure: Buffer): number => {
    words.push(structure.readUInt32LE());
    return 3;
  };
  read({ nvmlDeviceGetMemoryInfo_v2: note, nvmlDeviceGetTemperatureV: note });
  expect(words).toEqual([0x02000028, 0x0100000c]);
});
