import type { DetailName } from '../device/gpu-detail.ts';
import type { Reading } from '../device/reading.ts';
import { GPM_VERSION, HANDLE_BYTES, nvmlGpmMetric, nvmlGpmMetricsGet, nvmlGpmSupport } from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';

type GpmName = DetailName & ('smUtilization' | 'smOccupancy' | 'tensorUtilization' | 'dramUtilization');
/** In the first round, and where the GPU has no GPM, every one is missing. */
export type GpmReadings = Readonly<Record<GpmName, Reading>>;

/** GPM metrics by NVIDIA's number, all in percent. */
const metrics: readonly (readonly [number, GpmName])[] = [
  [2, 'smUtilization'],
  [3, 'smOccupancy'],
  [5, 'tensorUtilization'],
  [10, 'dramUtilization'],
];

/** The driver wants samples at least this far apart. */
const LEAST_APART_MS = 100;

/** Two samples of one GPU or instance, which change places every round. */
interface SamplePair {
  older: bigint;
  newer: bigint;
  takenMs: number;
  last: GpmReadings;
}

/** What the multiprocessors did between two rounds: NVML's GPM, on Hopper and later. */
export interface GpmSampler {
  /** Of a GPU; every reading is missing in the first round, and where the GPU has no GPM. */
  read(handle: bigint, uuid: string): GpmReadings;
  /** Of one MIG instance of the GPU. */
  readInstance(handle: bigint, gpuInstanceId: number, uuid: string): GpmReadings;
  /** Asks again whether a GPU or instance has it, which is otherwise asked once. */
  forget(uuid: string): void;
  /** Frees what was not read since the call before: an instance that was taken apart gives its number away. */
  sweep(): void;
  close(): void;
}

export function createGpmSampler(
  nvml: NvmlCalls,
  monotonicMs: () => number = () => performance.now(),
): GpmSampler {
  const pairs = new Map<string, SamplePair>();
  /** Those without GPM. */
  const absent = new Map<string, GpmReadings>();
  let seen = new Set<string>();

  function read(uuid: string, handle: bigint, take: (sample: bigint) => number): GpmReadings {
    seen.add(uuid);
    const known = absent.get(uuid);
    if (known !== undefined) return known;
    const before = pairs.get(uuid);
    if (before === undefined) {
      const support = checkSupport(nvml, handle);
      if (support !== undefined) return remember(uuid, support);
      const pair = allocatePair(nvml);
      if (typeof pair === 'number') return allOf(missingReading(pair));
      pairs.set(uuid, pair);
      return sampleFirst(pair, take);
    }
    if (monotonicMs() - before.takenMs < LEAST_APART_MS) return before.last;
    [before.older, before.newer] = [before.newer, before.older];
    const code = take(before.newer);
    if (code !== nvmlCode.success) {
      free(uuid, before); // begin anew: the pair no longer spans one interval
      return remember(uuid, missingReading(code));
    }
    before.takenMs = monotonicMs();
    before.last = compare(nvml, before);
    return before.last;
  }

  function remember(uuid: string, reading: Reading): GpmReadings {
    const readings = allOf(reading);
    if (!reading.ok && reading.why === 'unsupported') absent.set(uuid, readings);
    return readings;
  }

  function sampleFirst(pair: SamplePair, take: (sample: bigint) => number): GpmReadings {
    const code = take(pair.newer);
    pair.takenMs = monotonicMs();
    pair.last = allOf(code === nvmlCode.success ? { ok: false, why: 'not-ready' } : missingReading(code));
    return pair.last;
  }

  function free(uuid: string, pair: SamplePair): void {
    pairs.delete(uuid);
    nvml.nvmlGpmSampleFree(pair.older);
    nvml.nvmlGpmSampleFree(pair.newer);
  }

  return {
    read: (handle, uuid) => read(uuid, handle, (sample) => nvml.nvmlGpmSampleGet(handle, sample)),
    readInstance: (handle, id, uuid) =>
      read(uuid, handle, (sample) => nvml.nvmlGpmMigSampleGet(handle, id, sample)),
    forget: (uuid) => void absent.delete(uuid),
    sweep() {
      for (const [uuid, pair] of pairs) {
        if (!seen.has(uuid)) free(uuid, pair);
      }
      for (const uuid of absent.keys()) {
        if (!seen.has(uuid)) absent.delete(uuid);
      }
      seen = new Set();
    },
    close() {
      for (const [uuid, pair] of pairs) free(uuid, pair);
    },
  };
}

/** Why this GPU has no GPM; `undefined` when it has. */
function checkSupport(nvml: NvmlCalls, handle: bigint): Reading | undefined {
  const support = Buffer.alloc(nvmlGpmSupport.size);
  support.writeUInt32LE(GPM_VERSION, nvmlGpmSupport.version);
  const code = nvml.nvmlGpmQueryDeviceSupport(handle, support);
  if (code !== nvmlCode.success) return missingReading(code);
  return support.readUInt32LE(nvmlGpmSupport.isSupportedDevice) === 0
    ? { ok: false, why: 'unsupported' }
    : undefined;
}

function allocatePair(nvml: NvmlCalls): SamplePair | number {
  const pointers: bigint[] = [];
  for (let i = 0; i < 2; i++) {
    const pointer = Buffer.alloc(HANDLE_BYTES);
    const code = nvml.nvmlGpmSampleAlloc(pointer);
    if (code !== nvmlCode.success) {
      pointers.forEach((sample) => nvml.nvmlGpmSampleFree(sample));
      return code;
    }
    pointers.push(pointer.readBigUInt64LE());
  }
  const [older = 0n, newer = 0n] = pointers;
  return { older, newer, takenMs: 0, last: allOf({ ok: false, why: 'not-ready' }) };
}

/** Written by the driver and read at once: one room serves all pairs. */
const request = Buffer.alloc(nvmlGpmMetricsGet.size + metrics.length * nvmlGpmMetric.size);
const slotOf = (i: number): number => nvmlGpmMetricsGet.size + i * nvmlGpmMetric.size;

function compare(nvml: NvmlCalls, { older, newer }: SamplePair): GpmReadings {
  request.fill(0);
  request.writeUInt32LE(GPM_VERSION, nvmlGpmMetricsGet.version);
  request.writeUInt32LE(metrics.length, nvmlGpmMetricsGet.numMetrics);
  request.writeBigUInt64LE(older, nvmlGpmMetricsGet.sample1);
  request.writeBigUInt64LE(newer, nvmlGpmMetricsGet.sample2);
  metrics.forEach(([id], i) => request.writeUInt32LE(id, slotOf(i) + nvmlGpmMetric.metricId));
  const code = nvml.nvmlGpmMetricsGet(request);
  if (code !== nvmlCode.success) return allOf(missingReading(code));
  const readings = allOf({ ok: false, why: 'error' });
  metrics.forEach(([, name], i) => {
    readings[name] = metricReading(slotOf(i));
  });
  return readings;
}

function metricReading(slot: number): Reading {
  const code = request.readInt32LE(slot + nvmlGpmMetric.nvmlReturn);
  if (code !== nvmlCode.success) return missingReading(code);
  const percent = request.readDoubleLE(slot + nvmlGpmMetric.value);
  return Number.isFinite(percent)
    ? { ok: true, kind: 'mean', value: Math.min(1, Math.max(0, percent / 100)) }
    : { ok: false, why: 'error' };
}

function allOf(reading: Reading): Record<GpmName, Reading> {
  return {
    smUtilization: reading,
    smOccupancy: reading,
    tensorUtilization: reading,
    dramUtilization: reading,
  };
}
