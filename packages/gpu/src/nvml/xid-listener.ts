import { EVENT_XID, HANDLE_BYTES, nvmlEventData } from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { nvmlCode } from './nvml-code.ts';

/** Errors taken in one round; a GPU that floods its queue is told about all the same. */
const MOST_AT_ONCE = 256;

/** Collects the critical errors (XID) that the driver reports while this process runs. Earlier ones are gone. */
export interface XidListener {
  /** Listens to this GPU from now on. */
  listen(handle: bigint): void;
  /** The errors since the call before, by handle, in their order. Does not wait. */
  take(): ReadonlyMap<bigint, readonly number[]>;
  close(): void;
}

export function createXidListener(nvml: NvmlCalls): XidListener {
  const pointer = Buffer.alloc(HANDLE_BYTES);
  const event = Buffer.alloc(nvmlEventData.size);
  const set = nvml.nvmlEventSetCreate(pointer) === nvmlCode.success ? pointer.readBigUInt64LE() : undefined;
  /** Tried once: a GPU without events stays without. */
  const tried = new Set<bigint>();

  return {
    listen(handle) {
      if (set === undefined || tried.has(handle)) return;
      tried.add(handle);
      nvml.nvmlDeviceRegisterEvents(handle, EVENT_XID, set);
    },
    take() {
      const taken = new Map<bigint, number[]>();
      if (set === undefined || tried.size === 0) return taken;
      for (let i = 0; i < MOST_AT_ONCE; i++) {
        if (nvml.nvmlEventSetWait_v2(set, event, 0) !== nvmlCode.success) break;
        if (event.readBigUInt64LE(nvmlEventData.eventType) !== EVENT_XID) continue;
        const handle = event.readBigUInt64LE(nvmlEventData.device);
        const xids = taken.get(handle) ?? [];
        xids.push(Number(event.readBigUInt64LE(nvmlEventData.eventData)));
        taken.set(handle, xids);
      }
      return taken;
    },
    close() {
      if (set !== undefined) nvml.nvmlEventSetFree(set);
    },
  };
}
