import type { GpuDevice } from '../device/gpu-device.ts';
import type { Reading } from '../device/reading.ts';
import { nvmlMemory, nvmlMemoryV2, versionWord } from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { isTooOld, missingReading, nvmlCode } from './nvml-code.ts';
import { pointOf64 } from './read-number.ts';

interface MemoryReadings extends Pick<GpuDevice, 'memoryUsedBytes' | 'memoryTotalBytes'> {
  /** What the driver keeps for itself. Only version 2 tells. */
  readonly memoryReservedBytes: Reading;
}

/** Written by the driver and read at once: one room of each serves all GPUs. */
const v1 = Buffer.alloc(nvmlMemory.size);
const v2 = Buffer.alloc(nvmlMemoryV2.size);

/**
 * The memory of a GPU or of a MIG instance.
 *
 * Version 2 keeps the driver's own reserve out of `used`, version 1 counts it in (measured on an H200).
 */
export function readMemory(nvml: NvmlCalls, handle: bigint): MemoryReadings {
  v2.fill(0).writeUInt32LE(versionWord(nvmlMemoryV2, 2), nvmlMemoryV2.version);
  const code = nvml.nvmlDeviceGetMemoryInfo_v2(handle, v2);
  if (code === nvmlCode.success) {
    return {
      memoryUsedBytes: pointOf64(v2, nvmlMemoryV2.used),
      memoryTotalBytes: pointOf64(v2, nvmlMemoryV2.total),
      memoryReservedBytes: pointOf64(v2, nvmlMemoryV2.reserved),
    };
  }
  const missing = missingReading(code);
  if (!isTooOld(code)) {
    return { memoryUsedBytes: missing, memoryTotalBytes: missing, memoryReservedBytes: missing };
  }

  v1.fill(0);
  const codeV1 = nvml.nvmlDeviceGetMemoryInfo(handle, v1);
  const isRead = codeV1 === nvmlCode.success;
  return {
    memoryUsedBytes: isRead ? pointOf64(v1, nvmlMemory.used) : missingReading(codeV1),
    memoryTotalBytes: isRead ? pointOf64(v1, nvmlMemory.total) : missingReading(codeV1),
    memoryReservedBytes: missing,
  };
}
