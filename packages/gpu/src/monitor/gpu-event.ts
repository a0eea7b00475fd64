import type { GpuIdentity } from '../device/gpu-device.ts';
import type { DeviceChange } from './device-changes.ts';
import type { GpuReason, GpuState } from './gpu-status.ts';

/** Told to `onEvent`: the state changed, one GPU fell silent or came back, or told of an error. */
export type GpuEvent = StateChange | DeviceChange | XidError | CpuFallback;

export interface StateChange {
  readonly type: 'state';
  /** Absent at the first reading. */
  readonly from?: GpuState;
  readonly to: GpuState;
  /** Absent when all is well. */
  readonly reason?: GpuReason;
}

/** A critical error of a GPU, such as 79, which has fallen off the bus. */
export interface XidError {
  readonly type: 'xid';
  readonly device: GpuIdentity;
  /** NVIDIA's number. @see https://docs.nvidia.com/deploy/xid-errors/ */
  readonly xid: number;
}

/**
 * Spans tell of predictions while this process holds memory on none of the GPUs, or no longer so. Not told when
 * predictions are computed in other processes than the one that holds the monitor: leave spans to those.
 */
export interface CpuFallback {
  readonly type: 'cpu-fallback' | 'cpu-fallback-over';
}
