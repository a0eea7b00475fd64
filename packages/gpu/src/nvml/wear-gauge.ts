import { readingNames } from '../device/gpu-device.ts';
import type { GpuReport } from '../device/gpu-source.ts';
import { nvmlCode } from './nvml-code.ts';
import { endsHelper } from './helper-protocol.ts';

/** Codes after which the same call may well succeed: in a row they mean that the library itself is unwell. */
const passing: ReadonlySet<number> = new Set([
  nvmlCode.insufficientPower,
  nvmlCode.irqIssue,
  nvmlCode.memory,
  nvmlCode.insufficientResources,
  nvmlCode.unknown,
]);

/** Rounds in a row with such a code before the library is opened anew; twice as many each time that did not help. */
const LEAST_ROUNDS = 5;
const MOST_ROUNDS = 160;

/** Tells after each round whether the library should be opened anew before the next. */
export function wearGauge(): (report: GpuReport) => boolean {
  let rounds = 0;
  let limit = LEAST_ROUNDS;
  return (report) => {
    if (endsHelper(report)) {
      rounds = 0;
      return true;
    }
    if (!hasPassingError(report)) {
      rounds = 0;
      limit = LEAST_ROUNDS;
      return false;
    }
    rounds++;
    if (rounds < limit) return false;
    rounds = 0;
    limit = Math.min(MOST_ROUNDS, limit * 2);
    return true;
  };
}

function hasPassingError(report: GpuReport): boolean {
  if (!report.ok) return false;
  return report.devices.some((device) =>
    readingNames.some((name) => {
      const reading = device[name];
      return !reading.ok && reading.code !== undefined && passing.has(reading.code);
    }),
  );
}
