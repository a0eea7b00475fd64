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

/** What 64-bit fields say when there is no value, as memory does under Windows' display driver model. */
export const VALUE_NOT_AVAILABLE = 0xffff_ffff_ffff_ffffn;
