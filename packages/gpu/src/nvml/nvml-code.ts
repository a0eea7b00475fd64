import type { UnavailableReason } from '../device/gpu-source.ts';
import type { MissingReading, ReadingFailure } from '../device/reading.ts';

/** The return codes of NVML that change what we do; the others only mean that something failed. */
export const nvmlCode = {
  success: 0,
  uninitialized: 1,
  invalidArgument: 2,
  notSupported: 3,
  noPermission: 4,
  notFound: 6,
  insufficientSize: 7,
  insufficientPower: 8,
  driverNotLoaded: 9,
  timeout: 10,
  irqIssue: 11,
  functionNotFound: 13,
  gpuIsLost: 15,
  resetRequired: 16,
  operatingSystem: 17,
  driverMismatch: 18,
  memory: 20,
  noData: 21,
  insufficientResources: 23,
  argumentVersionMismatch: 25,
  deprecated: 26,
  notReady: 27,
  gpuNotFound: 28,
  unknown: 999,
} as const;

const failures: Readonly<Record<number, ReadingFailure>> = {
  [nvmlCode.notSupported]: 'unsupported',
  [nvmlCode.noPermission]: 'denied',
  [nvmlCode.operatingSystem]: 'denied', // the container's device rules
  [nvmlCode.gpuIsLost]: 'lost',
  [nvmlCode.resetRequired]: 'lost',
  [nvmlCode.functionNotFound]: 'not-implemented',
  [nvmlCode.argumentVersionMismatch]: 'not-implemented',
  [nvmlCode.deprecated]: 'not-implemented',
  [nvmlCode.notFound]: 'not-ready',
  [nvmlCode.noData]: 'not-ready',
  [nvmlCode.notReady]: 'not-ready',
  [nvmlCode.timeout]: 'timeout',
};

/** The missing reading that a return code other than success stands for. */
export function missingReading(code: number): MissingReading {
  return { ok: false, why: failures[code] ?? 'error', code };
}

/** The driver knows only an older form of the call. */
export function isTooOld(code: number): boolean {
  return (
    code === nvmlCode.functionNotFound ||
    code === nvmlCode.argumentVersionMismatch ||
    code === nvmlCode.deprecated
  );
}

/** This GPU, or this driver, does not have it: asking again at once is a call for nothing. */
export function isRefusal(code: number): boolean {
  return code === nvmlCode.notSupported || isTooOld(code);
}

/** Why NVML would not start. 999 inside a container means that its device rules were taken away. */
export function initFailure(code: number, inContainer: boolean): UnavailableReason {
  switch (code) {
    case nvmlCode.driverNotLoaded:
      return 'driver-not-loaded';
    case nvmlCode.gpuNotFound:
      return 'no-devices';
    case nvmlCode.driverMismatch:
      return 'driver-mismatch';
    case nvmlCode.noPermission:
    case nvmlCode.operatingSystem:
      return 'no-permission';
    case nvmlCode.unknown:
      return inContainer ? 'container-lost-devices' : 'driver-failed';
    default:
      return 'driver-failed';
  }
}
