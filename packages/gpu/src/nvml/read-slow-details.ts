import type { DetailName } from '../device/gpu-detail.ts';
import type { Reading } from '../device/reading.ts';
import { CLOCK_MEMORY, CLOCK_SM, ECC_AGGREGATE, ECC_CORRECTED, ECC_UNCORRECTED } from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { readUint32, readUint64 } from './read-number.ts';

const MEGAHERTZ = 1e-6;

type SlowName = DetailName &
  (
    | 'smClockHertz'
    | 'memoryClockHertz'
    | 'powerLimitWatts'
    | 'fanRatio'
    | 'eccCorrectedErrors'
    | 'eccUncorrectedErrors'
  );
export type SlowDetails = Readonly<Record<SlowName, Reading>>;

/** What changes slowly or takes long: the fan alone is 50 times dearer than the memory. */
export function readSlowDetails(nvml: NvmlCalls, handle: bigint): SlowDetails {
  return {
    smClockHertz: readUint32((mhz) => nvml.nvmlDeviceGetClockInfo(handle, CLOCK_SM, mhz), MEGAHERTZ),
    memoryClockHertz: readUint32((mhz) => nvml.nvmlDeviceGetClockInfo(handle, CLOCK_MEMORY, mhz), MEGAHERTZ),
    powerLimitWatts: readUint32((mw) => nvml.nvmlDeviceGetEnforcedPowerLimit(handle, mw), 1000),
    fanRatio: readUint32((percent) => nvml.nvmlDeviceGetFanSpeed(handle, percent), 100),
    eccCorrectedErrors: readUint64((count) =>
      nvml.nvmlDeviceGetTotalEccErrors(handle, ECC_CORRECTED, ECC_AGGREGATE, count),
    ),
    eccUncorrectedErrors: readUint64((count) =>
      nvml.nvmlDeviceGetTotalEccErrors(handle, ECC_UNCORRECTED, ECC_AGGREGATE, count),
    ),
  };
}
