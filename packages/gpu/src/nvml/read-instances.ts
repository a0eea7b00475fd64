import type { MigInstance } from '../device/gpu-detail.ts';
import { HANDLE_BYTES } from './nvml-abi.ts';
import type { GpmSampler } from './gpm-sampler.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';
import { readMemory } from './read-memory.ts';
import { readName, readUuid } from './read-text.ts';

/** Written by the driver and read at once: one room of each serves all GPUs. */
const current = Buffer.alloc(4);
const pending = Buffer.alloc(4);

export function isInMigMode(nvml: NvmlCalls, handle: bigint): boolean {
  const code = nvml.nvmlDeviceGetMigMode(handle, current, pending);
  return code === nvmlCode.success && current.readUInt32LE() !== 0;
}

/** The instances of a GPU in MIG mode. */
export function readInstances(nvml: NvmlCalls, handle: bigint, gpm: GpmSampler): readonly MigInstance[] {
  const most = Buffer.alloc(4);
  if (nvml.nvmlDeviceGetMaxMigDeviceCount(handle, most) !== nvmlCode.success) return [];

  const instances: MigInstance[] = [];
  for (let index = 0; index < most.readUInt32LE(); index++) {
    const pointer = Buffer.alloc(HANDLE_BYTES);
    // The numbers have gaps: one that is not found is no end.
    if (nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index, pointer) !== nvmlCode.success) continue;
    const instance = pointer.readBigUInt64LE();
    const uuid = readUuid(nvml, instance);
    if (!uuid.ok) continue;
    const name = readName(nvml, instance);
    const { memoryUsedBytes, memoryTotalBytes } = readMemory(nvml, instance);
    const slices = name.ok ? slicesOf(name.text) : undefined;
    instances.push({
      uuid: uuid.text,
      name: name.ok ? name.text : 'unknown',
      memoryUsedBytes,
      memoryTotalBytes,
      ...(slices !== undefined && { sliceRatio: slices / most.readUInt32LE() }),
      smUtilization: readActivity(nvml, handle, instance, uuid.text, gpm),
    });
  }
  return instances;
}

/** A profile is called after its slices: `3g.71gb` has three, and `1c.3g.71gb` is one of those. */
export function slicesOf(name: string): number | undefined {
  const [, compute, gpu] = /(?:(\d+)c\.)?(\d+)g\.\d+gb/.exec(name) ?? [];
  const slices = compute ?? gpu;
  return slices === undefined ? undefined : Number(slices);
}

function readActivity(
  nvml: NvmlCalls,
  handle: bigint,
  instance: bigint,
  uuid: string,
  gpm: GpmSampler,
): MigInstance['smUtilization'] {
  const id = Buffer.alloc(4);
  const code = nvml.nvmlDeviceGetGpuInstanceId(instance, id);
  if (code !== nvmlCode.success) return missingReading(code);
  return gpm.readInstance(handle, id.readUInt32LE(), uuid).smUtilization;
}
