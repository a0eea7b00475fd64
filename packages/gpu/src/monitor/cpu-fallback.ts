import { deviceState, type GpuDevice } from '../device/gpu-device.ts';

/** What is known of one stretch of time between two readings. */
export interface FallbackInput {
  /** Predictions that spans told in it. */
  readonly predictions: number;
  /** Memory that the service holds on all GPUs together; absent where it cannot be known. */
  readonly selfMemoryBytes?: number;
}

/** Stretches in a row that must look alike: a model that is just being loaded is no fallback. */
const STRETCHES = 3;

/** The verdict so far; `suspicions` counts the stretches in a row that speak for it. */
export interface FallbackState {
  readonly isFallback: boolean;
  readonly suspicions: number;
}

export const noFallback: FallbackState = { isFallback: false, suspicions: 0 };

/**
 * Whether the service predicts on the CPU while its machine has a GPU: predictions flow, and it holds no GPU
 * memory. A framework that finds no CUDA says so once in a log, and is twenty times slower from then on.
 *
 * Silence and unknown memory change nothing.
 */
export function judgeFallback(state: FallbackState, input: FallbackInput): FallbackState {
  const { predictions, selfMemoryBytes } = input;
  if (selfMemoryBytes === undefined || predictions === 0) return state;
  if (selfMemoryBytes > 0) return noFallback;
  const suspicions = Math.min(STRETCHES, state.suspicions + 1);
  return { isFallback: suspicions >= STRETCHES, suspicions };
}

/** The memory of the service on all GPUs; `undefined` unless every GPU told it. */
export function totalSelfMemory(devices: readonly GpuDevice[]): number | undefined {
  let total = 0;
  for (const device of devices) {
    if (deviceState(device) !== 'ok') return undefined;
    const reading = device.selfMemoryBytes;
    if (reading?.ok !== true) return undefined;
    total += reading.value;
  }
  return devices.length === 0 ? undefined : total;
}
