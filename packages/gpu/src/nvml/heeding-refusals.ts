import type { NvmlCalls } from './nvml-calls.ts';
import { isRefusal } from './nvml-code.ts';

/**
 * The calls for one GPU, without those that it has refused: what it does not support, or its driver does not
 * know, is asked once and answered from memory from then on. Every call takes a lock that all programs on the
 * GPU share.
 */
export function heedingRefusals(nvml: NvmlCalls): NvmlCalls {
  const once = <Args extends readonly unknown[]>(
    call: (...args: Args) => number,
  ): ((...args: Args) => number) => {
    let refusal: number | undefined;
    return (...args) => {
      if (refusal !== undefined) return refusal;
      const code = call(...args);
      if (isRefusal(code)) refusal = code;
      return code;
    };
  };
  return {
    ...nvml,
    nvmlDeviceGetSamples: once(nvml.nvmlDeviceGetSamples),
    nvmlDeviceGetUtilizationRates: once(nvml.nvmlDeviceGetUtilizationRates),
    nvmlDeviceGetMemoryInfo_v2: once(nvml.nvmlDeviceGetMemoryInfo_v2),
    nvmlDeviceGetMemoryInfo: once(nvml.nvmlDeviceGetMemoryInfo),
    nvmlDeviceGetTemperatureV: once(nvml.nvmlDeviceGetTemperatureV),
    nvmlDeviceGetTemperature: once(nvml.nvmlDeviceGetTemperature),
    nvmlDeviceGetPowerUsage: once(nvml.nvmlDeviceGetPowerUsage),
    nvmlDeviceGetTotalEnergyConsumption: once(nvml.nvmlDeviceGetTotalEnergyConsumption),
    nvmlDeviceGetFieldValues: once(nvml.nvmlDeviceGetFieldValues),
    nvmlDeviceGetMigMode: once(nvml.nvmlDeviceGetMigMode),
  };
}
