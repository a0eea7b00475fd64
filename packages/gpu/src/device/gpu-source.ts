import type { GpuDevice } from './gpu-device.ts';
import type { ReadingFailure } from './reading.ts';

/** Why a source has no readings at all. */
export type UnavailableReason =
  | 'no-gpu'
  | 'gpu-without-library'
  | 'library-not-found'
  | 'library-unusable'
  | 'ffi-not-installed'
  | 'ffi-not-allowed'
  | 'helper-not-allowed'
  | 'helper-not-started'
  | 'unsupported-platform'
  | 'driver-not-loaded'
  | 'no-devices'
  | 'none-selected'
  | 'suspended'
  | 'driver-mismatch'
  | 'container-lost-devices'
  | 'no-permission'
  | 'driver-failed'
  | 'helper-crashed'
  | 'helper-stuck'
  | 'smi-not-found'
  | 'smi-not-allowed';

/** A GPU that is there but cannot be named. */
export interface UnidentifiedDevice {
  readonly index: number;
  readonly why: ReadingFailure;
}

/** One round of readings, or why there is none. */
export type GpuReport = GpuReadings | GpuUnavailable;

export interface GpuReadings {
  readonly ok: true;
  readonly devices: readonly GpuDevice[];
  /** GPUs that the driver counts but that never told their UUID. */
  readonly unidentified: readonly UnidentifiedDevice[];
  /** Version of the driver, such as `590.48.01`. */
  readonly driver?: string;
}

export interface GpuUnavailable {
  readonly ok: false;
  readonly reason: UnavailableReason;
  /** What was seen that led to the reason: a path, a code, a signal. For people, not for programs. */
  readonly evidence?: string;
}

/** Where readings come from. Pass your own as `source` for hardware that Tidewatch does not know. */
export interface GpuSource {
  /** Shown in the status, such as `nvml`. */
  readonly name: string;
  /** The shortest pause that it wishes between rounds, where a round is dear. It goes before `intervalMs`. */
  readonly leastIntervalMs?: number;
  /**
   * One round. A round never overlaps the one before. When the signal aborts, nobody listens any more:
   * stop as well as you can. A rejection is logged and counts as a failed round.
   */
  read(signal: AbortSignal): Promise<GpuReport>;
  /** Gives everything back. Called once. */
  close(): Promise<void>;
}
