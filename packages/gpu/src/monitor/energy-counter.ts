import type { GpuDevice } from '../device/gpu-device.ts';

/** Joules counted for one GPU, and where the driver's own counter stood. */
export interface CountedEnergy {
  readonly lastJoules: number;
  readonly totalJoules: number;
}

/** GPUs remembered; the longest unseen goes first. A machine has at most a few dozen. */
const CAPACITY = 256;

/**
 * Adds what each GPU used since the reading before, by UUID. Starts at 0 with the first reading.
 *
 * The driver's counter starts again when the driver is reloaded: a decrease counts as its new value.
 * A missing reading leaves the total as it is; the next one catches up.
 */
export function countEnergy(
  counted: ReadonlyMap<string, CountedEnergy>,
  devices: readonly GpuDevice[],
): ReadonlyMap<string, CountedEnergy> {
  const next = new Map(counted);
  for (const { uuid, energyJoules } of devices) {
    // One NaN of a source would stay in the total for ever.
    if (!energyJoules.ok || !Number.isFinite(energyJoules.value)) continue;
    const before = next.get(uuid) ?? { lastJoules: energyJoules.value, totalJoules: 0 };
    const isRestart = energyJoules.value < before.lastJoules;
    const used = isRestart ? energyJoules.value : energyJoules.value - before.lastJoules;
    next.delete(uuid);
    next.set(uuid, { lastJoules: energyJoules.value, totalJoules: before.totalJoules + used });
  }
  for (const uuid of next.keys()) {
    if (next.size <= CAPACITY) break;
    next.delete(uuid);
  }
  return next;
}
