import type { GpuDevice, GpuIdentity } from '../device/gpu-device.ts';
import type { Reading } from '../device/reading.ts';
import {
  nvmlMemory,
  nvmlMemoryV2,
  nvmlTemperatureV1,
  TEMPERATURE_GPU,
  VALUE_NOT_AVAILABLE,
  versionWord,
} from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';
import { readUtilization, type SampleCursor } from './read-utilization.ts';

/** All readings of one GPU. A reading that fails is missing by itself; the others go on. */
export function readDevice(
  nvml: NvmlCalls,
  handle: bigint,
  identity: GpuIdentity,
  cursor: SampleCursor,
): GpuDevice {
  return {
    ...identity,
    utilization: readUtilization(nvml, handle, cursor),
    ...readMemory(nvml, handle),
    temperatureCelsius: readTemperature(nvml, handle),
    powerWatts: readPower(nvml, handle),
    energyJoules: readEnergy(nvml, handle),
  };
}

/** Version 2 keeps the driver's own reserve out of `used`, version 1 counts it in (measured on an H200). */
function readMemory(
  nvml: NvmlCalls,
  handle: bigint,
): Pick<GpuDevice, 'memoryUsedBytes' | 'memoryTotalBytes'> {
  const v2 = Buffer.alloc(nvmlMemoryV2.size);
  v2.writeUInt32LE(versionWord(nvmlMemoryV2, 2), nvmlMemoryV2.version);
  const code = nvml.nvmlDeviceGetMemoryInfo_v2(handle, v2);
  if (code === nvmlCode.success) {
    return {
      memoryUsedBytes: readingOf(v2.readBigUInt64LE(nvmlMemoryV2.used)),
      memoryTotalBytes: readingOf(v2.readBigUInt64LE(nvmlMemoryV2.total)),
    };
  }
  if (!isTooOld(code))
    return { memoryUsedBytes: missingReading(code), memoryTotalBytes: missingReading(code) };

  const v1 = Buffer.alloc(nvmlMemory.size);
  const codeV1 = nvml.nvmlDeviceGetMemoryInfo(handle, v1);
  if (codeV1 !== nvmlCode.success) {
    return { memoryUsedBytes: missingReading(codeV1), memoryTotalBytes: missingReading(codeV1) };
  }
  return {
    memoryUsedBytes: readingOf(v1.readBigUInt64LE(nvmlMemory.used)),
    memoryTotalBytes: readingOf(v1.readBigUInt64LE(nvmlMemory.total)),
  };
}

function readTemperature(nvml: NvmlCalls, handle: bigint): Reading {
  const versioned = Buffer.alloc(nvmlTemperatureV1.size);
  versioned.writeUInt32LE(versionWord(nvmlTemperatureV1, 1), nvmlTemperatureV1.version);
  versioned.writeUInt32LE(TEMPERATURE_GPU, nvmlTemperatureV1.sensorType);
  const code = nvml.nvmlDeviceGetTemperatureV(handle, versioned);
  if (code === nvmlCode.success) return point(versioned.readInt32LE(nvmlTemperatureV1.temperature));
  if (!isTooOld(code)) return missingReading(code);

  const plain = Buffer.alloc(4);
  const codePlain = nvml.nvmlDeviceGetTemperature(handle, TEMPERATURE_GPU, plain);
  return codePlain === nvmlCode.success ? point(plain.readUInt32LE()) : missingReading(codePlain);
}

function readPower(nvml: NvmlCalls, handle: bigint): Reading {
  const milliwatts = Buffer.alloc(4);
  const code = nvml.nvmlDeviceGetPowerUsage(handle, milliwatts);
  return code === nvmlCode.success ? point(milliwatts.readUInt32LE() / 1000) : missingReading(code);
}

function readEnergy(nvml: NvmlCalls, handle: bigint): Reading {
  const millijoules = Buffer.alloc(8);
  const code = nvml.nvmlDeviceGetTotalEnergyConsumption(handle, millijoules);
  return code === nvmlCode.success ? readingOf(millijoules.readBigUInt64LE(), 1000) : missingReading(code);
}

/** The driver knows only an older form of the call. */
function isTooOld(code: number): boolean {
  return (
    code === nvmlCode.functionNotFound ||
    code === nvmlCode.argumentVersionMismatch ||
    code === nvmlCode.deprecated
  );
}

function point(value: number): Reading {
  return { ok: true, kind: 'point', value };
}

/** Compares with "not available" before the conversion: as a number it would be 1.8e19 bytes. */
function readingOf(raw: bigint, perUnit = 1): Reading {
  return raw === VALUE_NOT_AVAILABLE ? { ok: false, why: 'unsupported' } : point(Number(raw) / perUnit);
}
