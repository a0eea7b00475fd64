import { deviceState } from '../device/gpu-device.ts';
import type { GpuReadings, GpuReport, GpuUnavailable } from '../device/gpu-source.ts';
import type { DetailOptions } from './detail-reader.ts';

/** What the service asks of its helper. One request at a time. */
export type HelperRequest = ReadRequest | { readonly kind: 'close' };

interface ReadRequest extends DetailOptions {
  readonly kind: 'read';
  readonly id: number;
}

/** The helper's file descriptor that leads to the service: questions come in as lines of JSON, replies go out. */
export const HELPER_CHANNEL = 3;

/** Whether a helper leaves after this report: a driver that failed, or lost every GPU, needs a fresh library. */
export function endsHelper(report: GpuReport): boolean {
  return !report.ok || allLost(report);
}

/** Whether the driver still lists GPUs, none of which answers. */
export function allLost({ devices }: GpuReadings): boolean {
  return devices.length > 0 && devices.every((device) => deviceState(device) === 'lost');
}

/** Windows reports a crash as an exit status: 0xC0000005 is an access violation. */
const WINDOWS_CRASH = 0xc000_0000;

/** What the end of a helper means that owed an answer. A status of its own means that it did not get going. */
export function helperEnd(status: number | null, signal: string | null): GpuUnavailable {
  const crashed = signal !== null || (status ?? 0) >= WINDOWS_CRASH;
  const evidence = signal ?? `exit status ${status}`;
  return { ok: false, reason: crashed ? 'helper-crashed' : 'helper-not-started', evidence };
}
