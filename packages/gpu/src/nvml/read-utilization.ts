import type { Reading } from '../device/reading.ts';
import {
  nvmlSample,
  nvmlUtilization,
  SAMPLES_GPU_UTILIZATION,
  VALUE_DOUBLE,
  VALUE_UNSIGNED_INT,
} from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';

/** How far the samples of one GPU have been read. */
export interface SampleCursor {
  /** The driver's time of the newest sample seen, in microseconds. */
  lastSeenUs: bigint;
}

/** The driver keeps about 100; a longer answer falls back to the point reading. */
const SAMPLE_CAPACITY = 512;

/** Written by the driver and read at once: one room serves all GPUs, for calls never overlap. */
const samples = Buffer.alloc(SAMPLE_CAPACITY * nvmlSample.size);
const valueType = Buffer.alloc(4);
const count = Buffer.alloc(4);
const rates = Buffer.alloc(nvmlUtilization.size);

/**
 * Utilisation in [0, 1]: the mean of the driver's own samples since the call before, else of the moment.
 *
 * The point reading covers the last 1/6 to 1 s; over a 10 s interval it is close to noise.
 */
export function readUtilization(nvml: NvmlCalls, handle: bigint, cursor: SampleCursor): Reading {
  return readMean(nvml, handle, cursor) ?? readPoint(nvml, handle);
}

function readMean(nvml: NvmlCalls, handle: bigint, cursor: SampleCursor): Reading | undefined {
  count.writeUInt32LE(SAMPLE_CAPACITY);
  const since = cursor.lastSeenUs;
  const code = nvml.nvmlDeviceGetSamples(handle, SAMPLES_GPU_UTILIZATION, since, valueType, count, samples);
  if (code !== nvmlCode.success) return undefined;

  const type = valueType.readUInt32LE();
  const end = Math.min(count.readUInt32LE(), SAMPLE_CAPACITY) * nvmlSample.size;
  let [n, sum, max] = [0, 0, 0];
  for (let at = 0; at < end; at += nvmlSample.size) {
    const timeUs = samples.readBigUInt64LE(at + nvmlSample.timeStamp);
    const percent = sampleValue(at + nvmlSample.sampleValue, type);
    // Unused slots of the driver's buffer come along: they carry no time or an impossible value.
    if (timeUs <= since || percent === undefined || !(percent >= 0 && percent <= 100)) continue;
    n++;
    sum += percent;
    max = Math.max(max, percent);
    if (timeUs > cursor.lastSeenUs) cursor.lastSeenUs = timeUs;
  }
  return n === 0 ? undefined : { ok: true, kind: 'mean', value: sum / n / 100, n, max: max / 100 };
}

function sampleValue(at: number, valueType: number): number | undefined {
  if (valueType === VALUE_UNSIGNED_INT) return samples.readUInt32LE(at);
  return valueType === VALUE_DOUBLE ? samples.readDoubleLE(at) : undefined;
}

function readPoint(nvml: NvmlCalls, handle: bigint): Reading {
  rates.fill(0);
  const code = nvml.nvmlDeviceGetUtilizationRates(handle, rates);
  if (code !== nvmlCode.success) return missingReading(code);
  return { ok: true, kind: 'point', value: Math.min(1, rates.readUInt32LE(nvmlUtilization.gpu) / 100) };
}
