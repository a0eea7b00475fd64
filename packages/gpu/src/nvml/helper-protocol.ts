import { deviceState } from '../device/gpu-device.ts';
import type { GpuReport } from '../device/gpu-source.ts';

/** What the service asks of its helper. One request at a time. */
export type HelperRequest = { readonly kind: 'read'; readonly id: number } | { readonly kind: 'close' };

/** What the helper answers to `read`. Plain numbers and strings: it travels as JSON. */
export interface HelperReply {
  readonly id: number;
  readonly report: GpuReport;
}

/** Whether a helper leaves after this report: a driver that failed, or lost every GPU, needs a fresh library. */
export function endsHelper(report: GpuReport): boolean {
  if (!report.ok) return true;
  return report.devices.length > 0 && report.devices.every((device) => deviceState(device) === 'lost');
}
