import type { NativeArguments, NativeLibrary, NativeType } from './native-library.ts';
import { nvmlCode } from './nvml-code.ts';

/**
 * Every function of NVML that is called, under NVIDIA's names. All of them only read.
 *
 * Each returns NVML's code, {@link nvmlCode.functionNotFound} also when this driver does not export it.
 * Device handles are pointers, as bigint; a Buffer is where the answer goes.
 */
export interface NvmlCalls {
  nvmlInit_v2(): number;
  nvmlShutdown(): number;
  nvmlSystemGetDriverVersion(version: Buffer, length: number): number;
  nvmlDeviceGetCount_v2(count: Buffer): number;
  nvmlDeviceGetHandleByIndex_v2(index: number, device: Buffer): number;
  nvmlDeviceGetName(device: bigint, name: Buffer, length: number): number;
  nvmlDeviceGetUUID(device: bigint, uuid: Buffer, length: number): number;
  nvmlDeviceGetUtilizationRates(device: bigint, utilization: Buffer): number;
  nvmlDeviceGetSamples(
    device: bigint,
    type: number,
    lastSeenUs: bigint,
    valueType: Buffer,
    count: Buffer,
    samples: Buffer,
  ): number;
  nvmlDeviceGetMemoryInfo(device: bigint, memory: Buffer): number;
  nvmlDeviceGetMemoryInfo_v2(device: bigint, memory: Buffer): number;
  nvmlDeviceGetTemperature(device: bigint, sensor: number, celsius: Buffer): number;
  nvmlDeviceGetTemperatureV(device: bigint, temperature: Buffer): number;
  nvmlDeviceGetPowerUsage(device: bigint, milliwatts: Buffer): number;
  nvmlDeviceGetTotalEnergyConsumption(device: bigint, millijoules: Buffer): number;
}

/** Probes each symbol by itself: what a driver exports does not follow from its version. */
export function bindNvml(library: NativeLibrary): NvmlCalls {
  /** The compiler holds each list of C types against the signature above: a wrong argument ends the process. */
  function bind<const Signature extends readonly NativeType[]>(
    name: keyof NvmlCalls,
    signature: Signature,
  ): (...args: NativeArguments<Signature>) => number {
    const call = library.find(name, signature);
    return (...args) => (call === undefined ? nvmlCode.functionNotFound : call(...args));
  }
  const bindText = (name: keyof NvmlCalls): ((device: bigint, text: Buffer, length: number) => number) =>
    bind(name, ['handle', 'buffer', 'uint32']);
  const bindReading = (name: keyof NvmlCalls): ((device: bigint, answer: Buffer) => number) =>
    bind(name, ['handle', 'buffer']);

  return {
    nvmlInit_v2: bind('nvmlInit_v2', []),
    nvmlShutdown: bind('nvmlShutdown', []),
    nvmlSystemGetDriverVersion: bind('nvmlSystemGetDriverVersion', ['buffer', 'uint32']),
    nvmlDeviceGetCount_v2: bind('nvmlDeviceGetCount_v2', ['buffer']),
    nvmlDeviceGetHandleByIndex_v2: bind('nvmlDeviceGetHandleByIndex_v2', ['uint32', 'buffer']),
    nvmlDeviceGetName: bindText('nvmlDeviceGetName'),
    nvmlDeviceGetUUID: bindText('nvmlDeviceGetUUID'),
    nvmlDeviceGetUtilizationRates: bindReading('nvmlDeviceGetUtilizationRates'),
    nvmlDeviceGetSamples: bind('nvmlDeviceGetSamples', [
      'handle',
      'uint32',
      'uint64',
      'buffer',
      'buffer',
      'buffer',
    ]),
    nvmlDeviceGetMemoryInfo: bindReading('nvmlDeviceGetMemoryInfo'),
    nvmlDeviceGetMemoryInfo_v2: bindReading('nvmlDeviceGetMemoryInfo_v2'),
    nvmlDeviceGetTemperature: bind('nvmlDeviceGetTemperature', ['handle', 'uint32', 'buffer']),
    nvmlDeviceGetTemperatureV: bindReading('nvmlDeviceGetTemperatureV'),
    nvmlDeviceGetPowerUsage: bindReading('nvmlDeviceGetPowerUsage'),
    nvmlDeviceGetTotalEnergyConsumption: bindReading('nvmlDeviceGetTotalEnergyConsumption'),
  };
}
