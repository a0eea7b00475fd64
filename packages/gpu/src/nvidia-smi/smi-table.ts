import { silentDevice, type GpuDevice, type ReadingName } from '../device/gpu-device.ts';
import type { GpuReport, UnidentifiedDevice } from '../device/gpu-source.ts';
import type { Reading, ReadingFailure } from '../device/reading.ts';

const MIB = 2 ** 20;

/** Columns that every driver since 2014 knows: one unknown column and nvidia-smi prints nothing else. */
const identityColumns = ['index', 'uuid', 'name', 'driver_version'] as const;

/** A column for a reading, and from its unit to ours. */
const readingColumns: readonly (readonly [ReadingName, column: string, factor: number])[] = [
  ['utilization', 'utilization.gpu', 0.01],
  ['memoryUsedBytes', 'memory.used', MIB],
  ['memoryTotalBytes', 'memory.total', MIB],
  ['temperatureCelsius', 'temperature.gpu', 1],
  ['powerWatts', 'power.draw', 1],
];

/** Arguments that make nvidia-smi print the table of {@link parseSmiTable}. */
export const smiArguments: readonly string[] = [
  `--query-gpu=${[...identityColumns, ...readingColumns.map(([, column]) => column)].join(',')}`,
  '--format=csv,noheader,nounits',
];

/**
 * The report in what nvidia-smi printed, one GPU a line.
 *
 * 0 is a value; every spelling of "none" (`N/A`, `[Not Supported]`, `ERR!`, …) is a missing reading. nvidia-smi
 * has no reading of the energy. A line that names no GPU is counted as unidentified.
 */
export function parseSmiTable(printed: string): GpuReport {
  const devices: GpuDevice[] = [];
  const unidentified: UnidentifiedDevice[] = [];
  let driver: string | undefined;
  const lines = printed.split(/\r?\n/).filter((line) => line.trim() !== '');
  for (const [position, line] of lines.entries()) {
    const [index, uuid, name, version, ...cells] = line.split(',').map((cell) => cell.trim());
    if (uuid === undefined || !/^(GPU|MIG)-/.test(uuid)) {
      unidentified.push({ index: position, why: failureOf(uuid ?? line) });
      continue;
    }
    driver ??= version;
    devices.push(deviceOf(Number(index ?? position), uuid, name ?? 'unknown', cells));
  }
  return { ok: true, devices, unidentified, ...(driver !== undefined && { driver }) };
}

function deviceOf(index: number, uuid: string, name: string, cells: readonly string[]): GpuDevice {
  const device = silentDevice({ index, uuid, name }, { ok: false, why: 'unsupported' });
  const readings = readingColumns.map(([reading, , factor], i): [ReadingName, Reading] => [
    reading,
    readingOf(cells[i] ?? '', factor),
  ]);
  return { ...device, ...Object.fromEntries(readings) };
}

function readingOf(cell: string, factor: number): Reading {
  // Number('') is 0, and an empty cell is none.
  const value = /^-?\d/.test(cell) ? Number(cell) : Number.NaN;
  return Number.isFinite(value)
    ? { ok: true, value: value * factor, kind: 'point' }
    : { ok: false, why: failureOf(cell) };
}

/** What the words of nvidia-smi mean, whichever brackets and case a driver of the day puts around them. */
const spellings: readonly (readonly [RegExp, ReadingFailure])[] = [
  [/requires reset|is lost/i, 'lost'],
  [/insufficient permissions/i, 'denied'],
  [/deprecated/i, 'not-implemented'],
  [/unknown error|err!/i, 'error'],
  [/n\/a|not supported/i, 'unsupported'],
];

function failureOf(cell: string): ReadingFailure {
  return spellings.find(([spelling]) => spelling.test(cell))?.[1] ?? 'error';
}
