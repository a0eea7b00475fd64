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
  nvmlDeviceGetUtilizationRates(this: void, device: bigint, utilization: Buffer): number;
  nvmlDeviceGetSamples(
    this: void,
    device: bigint,
    type: number,
    lastSeenUs: bigint,
    valueType: Buffer,
    count: Buffer,
    samples: Buffer,
  ): number;
  nvmlDeviceGetMemoryInfo(this: void, device: bigint, memory: Buffer): number;
  nvmlDeviceGetMemoryInfo_v2(this: void, device: bigint, memory: Buffer): number;
  nvmlDeviceGetTemperature(this: void, device: bigint, sensor: number, celsius: Buffer): number;
  nvmlDeviceGetTemperatureV(this: void, device: bigint, temperature: Buffer): number;
  nvmlDeviceGetPowerUsage(this: void, device: bigint, milliwatts: Buffer): number;
  nvmlDeviceGetTotalEnergyConsumption(this: void, device: bigint, millijoules: Buffer): number;
  nvmlDeviceGetFieldValues(this: void, device: bigint, count: number, values: Buffer): number;
  nvmlDeviceGetClockInfo(device: bigint, type: number, megahertz: Buffer): number;
  nvmlDeviceGetEnforcedPowerLimit(device: bigint, milliwatts: Buffer): number;
  nvmlDeviceGetFanSpeed(device: bigint, percent: Buffer): number;
  nvmlDeviceGetTotalEccErrors(device: bigint, type: number, counter: number, count: Buffer): number;
  nvmlDeviceGetComputeRunningProcesses(device: bigint, count: Buffer, infos: Buffer): number;
  nvmlDeviceGetComputeRunningProcesses_v2(device: bigint, count: Buffer, infos: Buffer): number;
  nvmlDeviceGetComputeRunningProcesses_v3(device: bigint, count: Buffer, infos: Buffer): number;
  nvmlDeviceGetMigMode(this: void, device: bigint, current: Buffer, pending: Buffer): number;
  nvmlDeviceGetMaxMigDeviceCount(device: bigint, count: Buffer): number;
  nvmlDeviceGetMigDeviceHandleByIndex(device: bigint, index: number, instance: Buffer): number;
  nvmlDeviceGetGpuInstanceId(device: bigint, id: Buffer): number;
  nvmlGpmQueryDeviceSupport(device: bigint, support: Buffer): number;
  nvmlGpmSampleAlloc(sample: Buffer): number;
  nvmlGpmSampleFree(sample: bigint): number;
  nvmlGpmSampleGet(device: bigint, sample: bigint): number;
  nvmlGpmMigSampleGet(device: bigint, gpuInstanceId: number, sample: bigint): number;
  nvmlGpmMetricsGet(metrics: Buffer): number;
  nvmlEventSetCreate(set: Buffer): number;
  nvmlEventSetFree(set: bigint): number;
  nvmlDeviceRegisterEvents(device: bigint, types: bigint, set: bigint): number;
  nvmlEventSetWait_v2(set: bigint, data: Buffer, timeoutMs: number): number;
}

/** Functions that are never called: whether a driver exports them tells how it lays out its answers. */
type TellingSymbol = 'nvmlDeviceGetConfComputeMemSizeInfo' | 'nvmlDeviceGetRunningProcessDetailList';

/** The calls, and what else the library exports. */
export interface Nvml extends NvmlCalls {
  exports(name: TellingSymbol | keyof NvmlCalls): boolean;
}

const notExported = (): number => nvmlCode.functionNotFound;

/** Probes each symbol by itself: what a driver exports does not follow from its version. */
export function bindNvml(library: NativeLibrary): Nvml {
  /** The compiler holds each list of C types against the signature above: a wrong argument ends the process. */
  function bind<const Signature extends readonly NativeType[]>(
    name: keyof NvmlCalls,
    signature: Signature,
  ): (...args: NativeArguments<Signature>) => number {
    return library.find(name, signature) ?? notExported;
  }
  const bindText = (name: keyof NvmlCalls): ((device: bigint, text: Buffer, length: number) => number) =>
    bind(name, ['handle', 'buffer', 'uint32']);
  const bindList = (name: keyof NvmlCalls): ((device: bigint, first: Buffer, second: Buffer) => number) =>
    bind(name, ['handle', 'buffer', 'buffer']);
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
    nvmlDeviceGetFieldValues: bind('nvmlDeviceGetFieldValues', ['handle', 'uint32', 'buffer']),
    nvmlDeviceGetClockInfo: bind('nvmlDeviceGetClockInfo', ['handle', 'uint32', 'buffer']),
    nvmlDeviceGetEnforcedPowerLimit: bindReading('nvmlDeviceGetEnforcedPowerLimit'),
    nvmlDeviceGetFanSpeed: bindReading('nvmlDeviceGetFanSpeed'),
    nvmlDeviceGetTotalEccErrors: bind('nvmlDeviceGetTotalEccErrors', [
      'handle',
      'uint32',
      'uint32',
      'buffer',
    ]),
    nvmlDeviceGetComputeRunningProcesses: bindList('nvmlDeviceGetComputeRunningProcesses'),
    nvmlDeviceGetComputeRunningProcesses_v2: bindList('nvmlDeviceGetComputeRunningProcesses_v2'),
    nvmlDeviceGetComputeRunningProcesses_v3: bindList('nvmlDeviceGetComputeRunningProcesses_v3'),
    nvmlDeviceGetMigMode: bindList('nvmlDeviceGetMigMode'),
    nvmlDeviceGetMaxMigDeviceCount: bindReading('nvmlDeviceGetMaxMigDeviceCount'),
    nvmlDeviceGetMigDeviceHandleByIndex: bind('nvmlDeviceGetMigDeviceHandleByIndex', [
      'handle',
      'uint32',
      'buffer',
    ]),
    nvmlDeviceGetGpuInstanceId: bindReading('nvmlDeviceGetGpuInstanceId'),
    nvmlGpmQueryDeviceSupport: bindReading('nvmlGpmQueryDeviceSupport'),
    nvmlGpmSampleAlloc: bind('nvmlGpmSampleAlloc', ['buffer']),
    nvmlGpmSampleFree: bind('nvmlGpmSampleFree', ['handle']),
    nvmlGpmSampleGet: bind('nvmlGpmSampleGet', ['handle', 'handle']),
    nvmlGpmMigSampleGet: bind('nvmlGpmMigSampleGet', ['handle', 'uint32', 'handle']),
    nvmlGpmMetricsGet: bind('nvmlGpmMetricsGet', ['buffer']),
    nvmlEventSetCreate: bind('nvmlEventSetCreate', ['buffer']),
    nvmlEventSetFree: bind('nvmlEventSetFree', ['handle']),
    nvmlDeviceRegisterEvents: bind('nvmlDeviceRegisterEvents', ['handle', 'uint64', 'handle']),
    nvmlEventSetWait_v2: bind('nvmlEventSetWait_v2', ['handle', 'buffer', 'uint32']),
    exports: (name) => library.find(name, []) !== undefined,
  };
}
