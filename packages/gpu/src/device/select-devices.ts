import type { GpuDevice } from './gpu-device.ts';

/** What tells a GPU from another; its MIG instances stand for it. */
type Candidate = Pick<GpuDevice, 'index' | 'uuid' | 'instances'>;

/** Which GPUs are ours: those that CUDA may use, all, or a list of UUIDs. */
export type DeviceSelection = 'visible' | 'all' | readonly string[];

/**
 * The test that a selection stands for.
 *
 * `visible` follows CUDA_VISIBLE_DEVICES as CUDA reads it: indices or the beginnings of UUIDs, up to the first
 * that is neither; without the variable, all. A MIG instance stands for its GPU. Indices are those of the driver, which are CUDA's own with
 * CUDA_DEVICE_ORDER=PCI_BUS_ID or GPUs of one kind.
 *
 * @see https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#env-vars
 */
export function deviceFilter(
  selection: DeviceSelection,
  environment: Readonly<Record<string, string | undefined>>,
): ((device: Candidate) => boolean) | undefined {
  if (selection === 'all') return undefined;
  if (typeof selection === 'object') {
    return ({ uuid, instances = [] }) =>
      selection.includes(uuid) || instances.some((instance) => selection.includes(instance.uuid));
  }
  const visible = environment['CUDA_VISIBLE_DEVICES'];
  if (visible === undefined) return undefined;
  const entries = validEntries(visible);
  return (device) => entries.some((entry) => isMeant(entry, device));
}

/** By index, by the beginning of its UUID or of that of an instance, or by its part in the older name of one. */
function isMeant(entry: string, { index, uuid, instances = [] }: Candidate): boolean {
  if (/^\d+$/.test(entry)) return Number(entry) === index;
  const [, parent = entry] = /^MIG-(GPU-[^/]+)\//.exec(entry) ?? [];
  return uuid.startsWith(parent) || instances.some((instance) => instance.uuid.startsWith(entry));
}

/** CUDA stops at the first entry that it cannot read: `0,-1,1` is the first GPU alone. */
function validEntries(visible: string): readonly string[] {
  const entries = visible.split(',').map((entry) => entry.trim());
  const end = entries.findIndex((entry) => !/^(\d+|(GPU|MIG)-.*)$/.test(entry));
  return end === -1 ? entries : entries.slice(0, end);
}
