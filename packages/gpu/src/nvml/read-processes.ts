import type { GpuProcess } from '../device/gpu-detail.ts';
import type { MissingReading } from '../device/reading.ts';
import { nvmlProcessInfo } from './nvml-abi.ts';
import type { Nvml } from './nvml-calls.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';
import { pointOf64 } from './read-number.ts';

/** The largest record that any driver writes: a buffer of smaller ones would be overrun. */
const LARGEST_RECORD = 32;
const FIRST_ROOM = 16;
const TRIES = 3;

/** A form of the call, and how long its records are. */
export interface ProcessCall {
  readonly call: (handle: bigint, count: Buffer, infos: Buffer) => number;
  readonly recordBytes: number;
}

/** The processes that compute on a GPU, or why they cannot be told. Dear: milliseconds under the driver's lock. */
export function readProcesses(
  { call, recordBytes }: ProcessCall,
  handle: bigint,
): readonly GpuProcess[] | MissingReading {
  let room = FIRST_ROOM;
  for (let i = 0; i < TRIES; i++) {
    const count = Buffer.alloc(4);
    count.writeUInt32LE(room);
    const infos = Buffer.alloc(room * LARGEST_RECORD);
    const code = call(handle, count, infos);
    const n = count.readUInt32LE();
    if (code === nvmlCode.success) return parseProcesses(infos, Math.min(n, room), recordBytes);
    if (code !== nvmlCode.insufficientSize) return missingReading(code);
    room = n * 2 + 5; // more may start before the next call
  }
  return missingReading(nvmlCode.insufficientSize);
}

/**
 * Which form of the call this driver has, and how long its records are: early drivers of branch 535 wrote 32
 * bytes, which no public header ever showed; read as 24 the pid of each lands in the memory of the one before.
 */
export function processCall(nvml: Nvml): ProcessCall {
  if (nvml.exports('nvmlDeviceGetComputeRunningProcesses_v3')) {
    const isEarly535 =
      nvml.exports('nvmlDeviceGetConfComputeMemSizeInfo') &&
      !nvml.exports('nvmlDeviceGetRunningProcessDetailList');
    return {
      call: (...args) => nvml.nvmlDeviceGetComputeRunningProcesses_v3(...args),
      recordBytes: isEarly535 ? LARGEST_RECORD : nvmlProcessInfo.size,
    };
  }
  return nvml.exports('nvmlDeviceGetComputeRunningProcesses_v2')
    ? {
        call: (...args) => nvml.nvmlDeviceGetComputeRunningProcesses_v2(...args),
        recordBytes: nvmlProcessInfo.size,
      }
    : { call: (...args) => nvml.nvmlDeviceGetComputeRunningProcesses(...args), recordBytes: 16 };
}

function parseProcesses(infos: Buffer, count: number, recordBytes: number): readonly GpuProcess[] {
  return Array.from({ length: count }, (_, i) => {
    const record = infos.subarray(i * recordBytes);
    return {
      pid: record.readUInt32LE(nvmlProcessInfo.pid),
      memoryUsedBytes: pointOf64(record, nvmlProcessInfo.usedGpuMemory),
    };
  });
}
