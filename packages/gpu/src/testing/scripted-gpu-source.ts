import { silentDevice, type GpuDevice } from '../device/gpu-device.ts';
import type { GpuReport, GpuSource } from '../device/gpu-source.ts';
import type { Reading } from '../device/reading.ts';

/** A source that says what a test tells it to. */
export interface ScriptedGpuSource extends GpuSource {
  /** What the next rounds answer: a report, an error to throw, or `hang` to answer only once aborted. */
  play(next: GpuReport | Error | 'hang'): void;
  /** Rounds asked for so far. */
  readonly rounds: () => number;
  readonly isClosed: () => boolean;
}

/** Readings without hardware and without a process, for tests of what reads them. */
export function scriptedGpuSource(first: GpuReport | Error | 'hang'): ScriptedGpuSource {
  let script = first;
  let rounds = 0;
  let isClosed = false;
  return {
    name: 'scripted',
    async read(signal) {
      rounds++;
      if (script === 'hang') return untilAborted(signal);
      if (script instanceof Error) throw script;
      return script;
    },
    async close() {
      isClosed = true;
    },
    play(next) {
      script = next;
    },
    rounds: () => rounds,
    isClosed: () => isClosed,
  };
}

/** Values of a {@link fakeDevice}; those left out are missing as `unsupported`. */
export interface FakeDeviceValues {
  /** @defaultValue 0 */
  readonly index?: number;
  /** @defaultValue 'GPU-' and the index */
  readonly uuid?: string;
  /** @defaultValue 'Fake GPU' */
  readonly name?: string;
  readonly utilization?: number;
  readonly memoryUsedBytes?: number;
  readonly memoryTotalBytes?: number;
  readonly temperatureCelsius?: number;
  readonly powerWatts?: number;
  readonly energyJoules?: number;
}

/** A device whose readings are the given values. */
export function fakeDevice(values: FakeDeviceValues = {}): GpuDevice {
  const { index = 0, uuid = `GPU-${index}`, name = 'Fake GPU' } = values;
  const unsupported = silentDevice({ index, uuid, name }, { ok: false, why: 'unsupported' });
  return {
    ...unsupported,
    utilization: readingOf(values.utilization),
    memoryUsedBytes: readingOf(values.memoryUsedBytes),
    memoryTotalBytes: readingOf(values.memoryTotalBytes),
    temperatureCelsius: readingOf(values.temperatureCelsius),
    powerWatts: readingOf(values.powerWatts),
    energyJoules: readingOf(values.energyJoules),
  };
}

/** The report of a round in which everything went well. */
export function fakeReport(...devices: readonly GpuDevice[]): GpuReport {
  return { ok: true, devices, unidentified: [], driver: '590.48.01' };
}

function readingOf(value: number | undefined): Reading {
  return value === undefined ? { ok: false, why: 'unsupported' } : { ok: true, kind: 'point', value };
}

function untilAborted(signal: AbortSignal): Promise<GpuReport> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
