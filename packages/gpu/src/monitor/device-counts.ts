import type { GpuDevice } from '../device/gpu-device.ts';
import type { Reading } from '../device/reading.ts';
import { countRises, type CountedRise } from './count-rises.ts';
import { totalKey, totalNames, type DetailCounts } from './detail-metrics.ts';

/** Everything that only grows, since this process first saw each GPU. */
export interface DeviceCounts extends DetailCounts {
  /** In joules, by UUID. */
  readonly energy: ReadonlyMap<string, CountedRise>;
}

export const noCounts: DeviceCounts = { energy: new Map(), totals: new Map(), xids: new Map() };

/** GPUs whose XIDs are remembered, and distinct XIDs of each: NVIDIA lists about 170. */
const MOST_GPUS = 256;
const MOST_XIDS = 256;

/** Adds one round. */
export function countRound(before: DeviceCounts, devices: readonly GpuDevice[]): DeviceCounts {
  return {
    energy: countRises(
      before.energy,
      devices.flatMap(({ uuid, energyJoules }) => present(uuid, energyJoules)),
    ),
    totals: countRises(
      before.totals,
      devices.flatMap(({ uuid, details }) =>
        totalNames.flatMap((name) => present(totalKey(uuid, name), details?.[name])),
      ),
    ),
    xids: countXids(before.xids, devices),
  };
}

function present(key: string, reading: Reading | undefined): [string, number][] {
  return reading?.ok === true ? [[key, reading.value]] : [];
}

function countXids(before: DetailCounts['xids'], devices: readonly GpuDevice[]): DetailCounts['xids'] {
  if (devices.every(({ xids }) => xids === undefined)) return before;
  const next = new Map(before);
  for (const { uuid, xids = [] } of devices) {
    const counts = new Map(next.get(uuid));
    for (const xid of xids) {
      if (counts.has(xid) || counts.size < MOST_XIDS) counts.set(xid, (counts.get(xid) ?? 0) + 1);
    }
    if (counts.size > 0 && (next.has(uuid) || next.size < MOST_GPUS)) next.set(uuid, counts);
  }
  return next;
}
