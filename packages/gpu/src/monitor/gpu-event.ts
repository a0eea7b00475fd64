import type { DeviceChange } from './device-changes.ts';
import type { GpuReason, GpuState } from './gpu-status.ts';

/** Told to `onEvent`: the state changed, or one GPU fell silent or came back. */
export type GpuEvent = StateChange | DeviceChange;

export interface StateChange {
  readonly type: 'state';
  /** Absent at the first reading. */
  readonly from?: GpuState;
  readonly to: GpuState;
  /** Absent when all is well. */
  readonly reason?: GpuReason;
}
