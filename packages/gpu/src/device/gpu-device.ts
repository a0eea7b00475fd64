import type { GpuDetails, GpuProcess, MigInstance } from './gpu-detail.ts';
import type { Reading } from './reading.ts';

/** The names of the readings of one GPU. */
export type ReadingName =
  | 'utilization'
  | 'memoryUsedBytes'
  | 'memoryTotalBytes'
  | 'temperatureCelsius'
  | 'powerWatts'
  | 'energyJoules';

/** Which GPU it is. The index may change at the next boot, the UUID does not. */
export interface GpuIdentity {
  /** The driver's number for it, from 0. */
  readonly index: number;
  /** `GPU-` and a UUID: the identity that survives reboots and reordering. */
  readonly uuid: string;
  /** The product, such as `NVIDIA H200`. */
  readonly name: string;
}

/** One GPU with its readings. */
export interface GpuDevice extends GpuIdentity, Readonly<Record<ReadingName, Reading>> {
  /** Fraction of time in [0, 1] in which a kernel ran. Time, not occupancy: a deadlocked kernel reads 1. */
  readonly utilization: Reading;
  /** Memory that programs allocated, without what the driver reserves for itself (drivers before 510 include it). */
  readonly memoryUsedBytes: Reading;
  readonly memoryTotalBytes: Reading;
  /** Of the GPU die. */
  readonly temperatureCelsius: Reading;
  /** Mean over the last second on Ampere and later, else of the moment. */
  readonly powerWatts: Reading;
  /** Since the driver was loaded: falls back to 0 when it is reloaded. */
  readonly energyJoules: Reading;
  readonly details?: GpuDetails;
  /** In MIG mode. Their memory is part of the GPU's own. */
  readonly instances?: readonly MigInstance[];
  /** Critical errors (XID) since the round before, in their order. */
  readonly xids?: readonly number[];
  /** GPU memory that the service itself holds; 0 is a service that does not use this GPU. */
  readonly selfMemoryBytes?: Reading;
  /** All processes, where they were asked for. */
  readonly processes?: readonly GpuProcess[];
}

const readings: Readonly<Record<ReadingName, true>> = {
  utilization: true,
  memoryUsedBytes: true,
  memoryTotalBytes: true,
  temperatureCelsius: true,
  powerWatts: true,
  energyJoules: true,
};

/** All reading names, in the order of {@link GpuDevice}. */
export const readingNames: readonly ReadingName[] = Object.keys(readings) as ReadingName[];

/** `ok` while at least one reading is there; else the reason that all readings share, or `error`. */
export type DeviceState = 'ok' | 'lost' | 'denied' | 'error';

/** How a GPU is, judged by its readings. */
export function deviceState(device: GpuDevice): DeviceState {
  const failures = new Set<string>();
  for (const name of readingNames) {
    const reading = device[name];
    if (reading.ok) return 'ok';
    failures.add(reading.why);
  }
  if (failures.has('lost')) return 'lost';
  return failures.has('denied') ? 'denied' : 'error';
}

/** A GPU that is known but answers nothing. */
export function silentDevice(identity: GpuIdentity, missing: Reading & { ok: false }): GpuDevice {
  return {
    ...identity,
    utilization: missing,
    memoryUsedBytes: missing,
    memoryTotalBytes: missing,
    temperatureCelsius: missing,
    powerWatts: missing,
    energyJoules: missing,
  };
}
