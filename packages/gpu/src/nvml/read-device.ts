import type { GpuDevice, GpuIdentity } from '../device/gpu-device.ts';
import type { Reading } from '../device/reading.ts';
import { nvmlTemperatureV1, TEMPERATURE_GPU, versionWord } from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { isTooOld, missingReading, nvmlCode } from './nvml-code.ts';
import { readMemory } from './read-memory.ts';
import { point, readUint32, readUint64 } from './read-number.ts';
import { readUtilization, type SampleCursor } from './read-utilization.ts';

/** Written by the driver and read at once: one room serves all GPUs. */
const versioned = Buffer.alloc(nvmlTemperatureV1.size);

/** A GPU with its main readings, and the one detail that comes along with them. */
export interface MainReadings extends GpuDevice {
  readonly details: { readonly memoryReservedBytes: Reading };
}

/** The main readings of one GPU. A reading that fails is missing by itself; the others go on. */
export function readDevice(
  nvml: NvmlCalls,
  handle: bigint,
  identity: GpuIdentity,
  cursor: SampleCursor,
): MainReadings {
  const { memoryUsedBytes, memoryTotalBytes, memoryReservedBytes } = readMemory(nvml, handle);
  return {
    index: identity.index,
    uuid: identity.uuid,
    name: identity.name,
    utilization: readUtilization(nvml, handle, cursor),
    memoryUsedBytes,
    memoryTotalBytes,
    temperatureCelsius: readTemperature(nvml, handle),
    powerWatts: readUint32((milliwatts) => nvml.nvmlDeviceGetPowerUsage(handle, milliwatts), 1000),
    energyJoules: readUint64((mj) => nvml.nvmlDeviceGetTotalEnergyConsumption(handle, mj), 1000),
    details: { memoryReservedBytes },
  };
}

function readTemperature(nvml: NvmlCalls, handle: bigint): Reading {
  versioned.fill(0).writeUInt32LE(versionWord(nvmlTemperatureV1, 1), nvmlTemperatureV1.version);
  versioned.writeUInt32LE(TEMPERATURE_GPU, nvmlTemperatureV1.sensorType);
  const code = nvml.nvmlDeviceGetTemperatureV(handle, versioned);
  if (code === nvmlCode.success) return point(versioned.readInt32LE(nvmlTemperatureV1.temperature));
  if (!isTooOld(code)) return missingReading(code);

  return readUint32((celsius) => nvml.nvmlDeviceGetTemperature(handle, TEMPERATURE_GPU, celsius));
}
