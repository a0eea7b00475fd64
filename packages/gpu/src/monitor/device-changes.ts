import { deviceState, type GpuDevice, type GpuIdentity } from '../device/gpu-device.ts';

/** Which GPUs answer and which did once. By UUID: an index can move to another GPU. */
export interface DeviceRoll {
  readonly present: ReadonlyMap<string, GpuIdentity>;
  readonly lost: ReadonlyMap<string, GpuIdentity>;
}

export interface DeviceChange {
  readonly type: 'device-lost' | 'device-back';
  readonly device: GpuIdentity;
}

/** Lost GPUs remembered; the longest lost is forgotten first. */
const CAPACITY = 256;

export const emptyRoll: DeviceRoll = { present: new Map(), lost: new Map() };

/** Calls the roll: who fell silent since the last time, and who came back. */
export function callRoll(
  before: DeviceRoll,
  devices: readonly GpuDevice[],
): { readonly roll: DeviceRoll; readonly changes: readonly DeviceChange[] } {
  const present = new Map<string, GpuIdentity>();
  for (const device of devices) {
    if (deviceState(device) === 'lost') continue;
    present.set(device.uuid, { index: device.index, uuid: device.uuid, name: device.name });
  }
  const changes: DeviceChange[] = [];
  const lost = new Map(before.lost);
  for (const [uuid, device] of before.present) {
    if (present.has(uuid)) continue;
    lost.set(uuid, device);
    changes.push({ type: 'device-lost', device });
  }
  for (const [uuid, device] of present) {
    if (lost.delete(uuid)) changes.push({ type: 'device-back', device });
  }
  for (const uuid of lost.keys()) {
    if (lost.size <= CAPACITY) break;
    lost.delete(uuid);
  }
  return { roll: { present, lost }, changes };
}
