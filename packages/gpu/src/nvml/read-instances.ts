import type { MigInstance } from '../device/gpu-detail.ts';
import { HANDLE_BYTES } from './nvml-abi.ts';
import type { GpmSampler } from './gpm-sampler.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';
import { readMemory } from './read-memory.ts';
import { readName, readUuid } from './read-text.ts';

/** The instances of a GPU in MIG mode; `undefined` when it is not. */
export function readInstances(
  nvml: NvmlCalls,
  handle: bigint,
  gpm: GpmSampler,
): readonly MigInstance[] | undefined {
  const current = Buffer.alloc(4);
  const code = nvml.nvmlDeviceGetMigMode(handle, current, Buffer.alloc(4));
  if (code !== nvmlCode.success || current.readUInt32LE() === 0) return undefined;
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
    instances.push({
      uuid: uuid.text,
      name: name.ok ? name.text : 'unknown',
      ...readMemory(nvml, instance),
      smUtilization: readActivity(nvml, handle, instance, uuid.text, gpm),
    });
  }
  return instances;
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
  return gpm.readInstance(handle, id.readUInt32LE(), uuid).smUtilization ?? { ok: false, why: 'unsupported' };
}
