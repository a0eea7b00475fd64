import type { GpuUnavailable, UnavailableReason } from '../device/gpu-source.ts';

/** How a run of nvidia-smi that gave no table ended. */
export interface SmiEnd {
  /** Of the operating system, such as `ENOENT`: it did not start. */
  readonly systemCode?: string;
  /** It ended by itself with this status; the status is the NVML code for most failures. */
  readonly status?: number;
  readonly signal?: string;
  /** What it printed, on either stream. */
  readonly printed: string;
}

/** What nvidia-smi says, in the words of all drivers seen; its exit status is less reliable than its text. */
const texts: readonly (readonly [RegExp, UnavailableReason])[] = [
  [/driver\/library version mismatch/i, 'driver-mismatch'],
  [/couldn't communicate with the nvidia driver|driver not loaded/i, 'driver-not-loaded'],
  [/no devices were found/i, 'no-devices'],
  [/insufficient permissions/i, 'no-permission'],
];

/** Why a run of nvidia-smi gave no table. 999 inside a container means that its device rules were taken away. */
export function smiFailure(end: SmiEnd, inContainer: boolean): GpuUnavailable {
  const { systemCode, status, signal, printed } = end;
  const firstLine = printed.trim().split('\n', 1)[0] ?? '';
  const how = systemCode ?? (signal === undefined ? `exit status ${status}` : `ended by ${signal}`);
  const evidence = firstLine === '' ? `nvidia-smi: ${how}` : `nvidia-smi: ${how}, ${firstLine}`;
  return { ok: false, reason: reasonOf(end, inContainer), evidence };
}

function reasonOf({ systemCode, printed }: SmiEnd, inContainer: boolean): UnavailableReason {
  if (systemCode === 'ENOENT') return 'smi-not-found';
  if (systemCode === 'EACCES' || systemCode === 'EPERM' || systemCode === 'ERR_ACCESS_DENIED') {
    return 'smi-not-allowed';
  }
  const known = texts.find(([text]) => text.test(printed));
  if (known !== undefined) return known[1];
  if (/initialize nvml: unknown error/i.test(printed) && inContainer) return 'container-lost-devices';
  return 'driver-failed';
}
