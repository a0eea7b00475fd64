import type { MigInstance } from '../device/gpu-detail.ts';
import { deviceState, type GpuDevice, type GpuIdentity } from '../device/gpu-device.ts';
import type { HourlyPrice, PriceBasis } from './gpu-prices.ts';

/** Seconds of a GPU by what it did. Unknown is not idle: no utilisation was read. */
export interface GpuSeconds {
  readonly busy: number;
  readonly idle: number;
  readonly unknown: number;
}

/** What one GPU has done and cost since it was first seen. */
interface GpuUsage {
  readonly device: GpuIdentity;
  readonly seconds: GpuSeconds;
  /** In the currency of the prices, by what they derive from; empty while no price is known. */
  readonly cost: Readonly<Partial<Record<PriceBasis, number>>>;
}

/** By UUID. `present` are those that the last good round listed: their time goes on. */
export interface UsageLedger {
  readonly usage: ReadonlyMap<string, GpuUsage>;
  readonly present: ReadonlySet<string>;
}

export const emptyLedger: UsageLedger = { usage: new Map(), present: new Set() };

/** GPUs remembered; the longest unseen goes first. */
const CAPACITY = 256;

/** The time since the round before. */
export interface ElapsedTime {
  readonly elapsedSeconds: number;
  /** A reading speaks for this much of it at most; what is longer ago is unknown. */
  readonly knownSeconds: number;
}

/**
 * Books the time since the round before: busy in proportion to the utilisation, the rest idle; unknown where
 * there is none, and for every GPU when the round failed (`devices` is `undefined`).
 *
 * A GPU that the driver no longer lists stops; one that is lost goes on as unknown, for it is still paid.
 */
export function bookUsage(
  ledger: UsageLedger,
  devices: readonly GpuDevice[] | undefined,
  time: ElapsedTime,
  priceOf: (device: GpuIdentity) => HourlyPrice | undefined,
): UsageLedger {
  const elapsedSeconds = Math.max(0, time.elapsedSeconds);
  const usage = new Map(ledger.usage);
  const readings = new Map(devices?.map((device) => [device.uuid, device]));
  const present = devices === undefined ? ledger.present : new Set(readings.keys());

  for (const uuid of present) {
    const before = usage.get(uuid);
    const reading = readings.get(uuid);
    const device = reading === undefined ? before?.device : identityOf(reading);
    if (device === undefined) continue;
    // Seen for the first time: what it did before is not ours to tell.
    const elapsed = ledger.present.has(uuid) ? elapsedSeconds : 0;
    const known = utilizationOf(reading) === undefined ? 0 : Math.min(elapsed, time.knownSeconds);
    const busy = known * (utilizationOf(reading) ?? 0);
    const { seconds, cost } = before ?? { seconds: { busy: 0, idle: 0, unknown: 0 }, cost: {} };
    usage.delete(uuid); // to the end: the order is that of the last sight
    usage.set(uuid, {
      device,
      seconds: {
        busy: seconds.busy + busy,
        idle: seconds.idle + known - busy,
        unknown: seconds.unknown + elapsed - known,
      },
      cost: addCost(cost, priceOf(device), elapsed),
    });
  }
  for (const uuid of usage.keys()) {
    if (usage.size <= CAPACITY) break;
    usage.delete(uuid);
  }
  return { usage, present };
}

function identityOf({ index, uuid, name }: GpuDevice): GpuIdentity {
  return { index, uuid, name };
}

function utilizationOf(device: GpuDevice | undefined): number | undefined {
  if (device === undefined || deviceState(device) !== 'ok') return undefined;
  const value = device.utilization.ok ? device.utilization.value : migUtilization(device.instances ?? []);
  return value !== undefined && Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : undefined;
}

/** A GPU in MIG mode has no utilisation of its own: that of its instances, by their slices; no instance's is idle. */
function migUtilization(instances: readonly MigInstance[]): number | undefined {
  if (instances.length === 0) return undefined;
  let busy = 0;
  for (const { smUtilization, sliceRatio } of instances) {
    if (!smUtilization.ok || sliceRatio === undefined) return undefined;
    busy += smUtilization.value * sliceRatio;
  }
  return busy;
}

function addCost(cost: GpuUsage['cost'], price: HourlyPrice | undefined, seconds: number): GpuUsage['cost'] {
  if (price === undefined) return cost;
  return { ...cost, [price.basis]: (cost[price.basis] ?? 0) + (price.perHour * seconds) / 3_600 };
}
