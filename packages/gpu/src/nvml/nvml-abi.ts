/**
 * Layouts of NVML's structures on 64-bit little-endian machines: sizes and offsets in bytes.
 *
 * `native/layout.c` prints the compiler's own numbers and a test holds these against them.
 *
 * @see https://docs.nvidia.com/deploy/nvml-api/
 */
export const nvmlUtilization = { size: 8, gpu: 0, memory: 4 } as const;
export const nvmlMemory = { size: 24, total: 0, free: 8, used: 16 } as const;
export const nvmlMemoryV2 = { size: 40, version: 0, total: 8, reserved: 16, free: 24, used: 32 } as const;
export const nvmlTemperatureV1 = { size: 12, version: 0, sensorType: 4, temperature: 8 } as const;
export const nvmlSample = { size: 16, timeStamp: 0, sampleValue: 8 } as const;

export const nvmlFieldValue = { size: 40, fieldId: 0, valueType: 24, nvmlReturn: 28, value: 32 } as const;
export const nvmlProcessInfo = { size: 24, pid: 0, usedGpuMemory: 8 } as const;
export const nvmlEventData = { size: 32, device: 0, eventType: 8, eventData: 16 } as const;
export const nvmlGpmSupport = { size: 8, version: 0, isSupportedDevice: 4 } as const;
export const nvmlGpmMetric = { size: 40, metricId: 0, nvmlReturn: 4, value: 8 } as const;
/** Its size is without the metrics that follow. */
export const nvmlGpmMetricsGet = { size: 24, version: 0, numMetrics: 4, sample1: 8, sample2: 16 } as const;

/** What NVML expects in the field `version` of a structure; anything else is error 25. */
export function versionWord(structure: { readonly size: number }, version: number): number {
  return structure.size | (version << 24);
}

/** Device handles are pointers. */
export const HANDLE_BYTES = 8;
export const NAME_BYTES = 96;
export const UUID_BYTES = 96;
export const DRIVER_VERSION_BYTES = 80;

export const TEMPERATURE_GPU = 0;
export const SAMPLES_GPU_UTILIZATION = 1;
/** nvmlValueType_t: how to read nvmlSample_t.sampleValue. */
export const VALUE_DOUBLE = 0;
export const VALUE_UNSIGNED_INT = 1;
export const VALUE_UNSIGNED_LONG = 2;
export const VALUE_UNSIGNED_LONG_LONG = 3;
/** nvmlClockType_t. */
export const CLOCK_SM = 1;
export const CLOCK_MEMORY = 2;
/** nvmlMemoryErrorType_t. */
export const ECC_CORRECTED = 0;
export const ECC_UNCORRECTED = 1;
/** nvmlEccCounterType_t: over the life of the board; the other one falls back with the driver. */
export const ECC_AGGREGATE = 1;
/** nvmlEventType: a critical error of the GPU, whose data is the XID. */
export const EVENT_XID = 8n;
export const GPM_VERSION = 1;
