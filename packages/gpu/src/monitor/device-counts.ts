import type { DetailName } from '../device/gpu-detail.ts';
import type { GpuDevice } from '../device/gpu-device.ts';
import { countRise, type CountedRise, type Rises } from './count-rise.ts';
import { totalNames } from './detail-metrics.ts';

/** Everything that only grows, since this process first saw each GPU; all by UUID. */
export interface DeviceCounts {
  /** In joules. */
  readonly energy: Rises;
  /** What the driver's totals rose by. */
  readonly totals: ReadonlyMap<DetailName, Rises>;
  /** How often each XID came. */
  readonly xids: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Adds one round. */
  add(devices: readonly GpuDevice[]): void;
}

/** GPUs whose XIDs are remembered, and distinct XIDs of each: NVIDIA lists about 170. */
const MOST_GPUS = 256;
const MOST_XIDS = 256;

/** Counts in place: what a round adds is small, and what is counted is not. */
export function createDeviceCounts(): DeviceCounts {
  const energy = new Map<string, CountedRise>();
  const totals = new Map(totalNames.map((name) => [name, new Map<string, CountedRise>()]));
  const xids = new Map<string, Map<number, number>>();

  function addXids(uuid: string, codes: readonly number[]): void {
    const counts = xids.get(uuid) ?? new Map<number, number>();
    for (const xid of codes) {
      if (counts.has(xid) || counts.size < MOST_XIDS) counts.set(xid, (counts.get(xid) ?? 0) + 1);
    }
    if (counts.size > 0 && (xids.has(uuid) || xids.size < MOST_GPUS)) xids.set(uuid, counts);
  }

  return {
    energy,
    totals,
    xids,
    add(devices) {
      for (const { uuid, energyJoules, details, xids: codes } of devices) {
        if (energyJoules.ok) countRise(energy, uuid, energyJoules.value);
        for (const [name, counted] of totals) {
          const reading = details?.[name];
          if (reading?.ok === true) countRise(counted, uuid, reading.value);
        }
        if (codes !== undefined) addXids(uuid, codes);
      }
    },
  };
}
