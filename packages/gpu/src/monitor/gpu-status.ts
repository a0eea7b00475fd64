import { deviceState } from '../device/gpu-device.ts';
import type { GpuReport, UnavailableReason } from '../device/gpu-source.ts';

/**
 * - `ok`: every GPU answers.
 * - `none`: no GPU here, or no way to ask; nothing is published.
 * - `degraded`: something answers, or will soon again.
 * - `mismatch`: the driver was upgraded under a running machine.
 * - `blocked`: the GPU is there and may not be asked.
 * - `stuck`: the driver does not answer.
 * - `closed`: by {@link GpuMonitor.close}.
 */
export type GpuState = 'ok' | 'none' | 'degraded' | 'mismatch' | 'blocked' | 'stuck' | 'closed';

/** Why the state is not `ok`. */
export type GpuReason =
  | UnavailableReason
  | 'off'
  | 'closed'
  | 'devices-lost'
  | 'devices-denied'
  | 'read-timed-out'
  | 'source-failed'
  | 'helper-gave-up';

const states: Readonly<Record<GpuReason, GpuState>> = {
  off: 'none',
  'no-gpu': 'none',
  'gpu-without-library': 'none',
  'library-not-found': 'none',
  'library-unusable': 'none',
  'ffi-not-installed': 'none',
  'ffi-not-allowed': 'none',
  'helper-not-allowed': 'none',
  'unsupported-platform': 'none',
  'smi-not-found': 'none',
  'smi-not-allowed': 'none',
  'driver-not-loaded': 'none',
  'no-devices': 'none',
  'none-selected': 'none',
  suspended: 'none',
  'driver-mismatch': 'mismatch',
  'container-lost-devices': 'blocked',
  'no-permission': 'blocked',
  'devices-lost': 'degraded',
  'devices-denied': 'degraded',
  'driver-failed': 'degraded',
  'helper-not-started': 'degraded',
  'helper-crashed': 'degraded',
  'helper-gave-up': 'degraded',
  'source-failed': 'degraded',
  'helper-stuck': 'stuck',
  'read-timed-out': 'stuck',
  closed: 'closed',
};

/** Whether a text is one of the reasons. */
export function isReason(text: unknown): text is GpuReason {
  return typeof text === 'string' && Object.hasOwn(states, text);
}

/** The state that a reason stands for. */
export function stateOf(reason: GpuReason | undefined): GpuState {
  return reason === undefined ? 'ok' : states[reason];
}

/** Why a report is not all well; `undefined` when it is. */
export function reasonOf(report: GpuReport): GpuReason | undefined {
  if (!report.ok) return report.reason;
  const conditions = [...report.devices.map(deviceState), ...report.unidentified.map(({ why }) => why)];
  if (conditions.length === 0) return 'no-devices';
  if (conditions.every((condition) => condition === 'denied')) return 'no-permission';
  if (conditions.includes('lost')) return 'devices-lost';
  if (conditions.includes('denied')) return 'devices-denied';
  return conditions.every((condition) => condition === 'ok') ? undefined : 'driver-failed';
}
