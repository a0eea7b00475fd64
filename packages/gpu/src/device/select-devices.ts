import type { GpuIdentity } from './gpu-device.ts';

/** Which GPUs are ours: those that CUDA may use, all, or a list of UUIDs. */
export type DeviceSelection = 'visible' | 'all' | readonly string[];

/**
 * The test that a selection stands for.
 *
 * `visible` follows CUDA_VISIBLE_DEVICES as CUDA reads it: indices or the beginnings of UUIDs, up to the first
 * that is neither; without the variable, all. Indices are those of the driver, which are CUDA's own with
 * CUDA_DEVICE_ORDER=PCI_BUS_ID or GPUs of one kind.
 *
 * @see https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#env-vars
 */
export function deviceFilter(
  selection: DeviceSelection,
  environment: Readonly<Record<string, string | undefined>>,
): ((device: GpuIdentity) => boolean) | undefined {
  if (selection === 'all') return undefined;
  if (typeof selection === 'object') return ({ uuid }) => selection.includes(uuid);
  const visible = environment['CUDA_VISIBLE_DEVICES'];
  if (visible === undefined) return undefined;
  const entries = validEntries(visible);
  return ({ index, uuid }) =>
    entries.some((entry) => (/^\d+$/.test(entry) ? Number(entry) === index : uuid.startsWith(entry)));
}

/** CUDA stops at the first entry that it cannot read: `0,-1,1` is the first GPU alone. */
function validEntries(visible: string): readonly string[] {
  const entries = visible.split(',').map((entry) => entry.trim());
  const end = entries.findIndex((entry) => !/^(\d+|(GPU|MIG)-.*)$/.test(entry));
  return end === -1 ? entries : entries.slice(0, end);
}
