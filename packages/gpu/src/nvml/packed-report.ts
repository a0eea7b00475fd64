import { detailNames, type DetailName, type GpuDetails } from '../device/gpu-detail.ts';
import { readingNames, type GpuDevice, type GpuIdentity, type ReadingName } from '../device/gpu-device.ts';
import type { GpuReport, GpuUnavailable, UnidentifiedDevice } from '../device/gpu-source.ts';
import type { MissingReading, Reading, ReadingFailure } from '../device/reading.ts';

/**
 * A reading as it travels: a point is its number, a mean is `[value, n, max]`, a missing one is its cause with the
 * driver's code behind a colon. It is a quarter of the JSON, which the service parses every round.
 */
export type PackedReading = number | readonly [value: number, n?: number, max?: number] | string;

interface PackedDevice extends GpuIdentity {
  /** In the order of `readingNames`. */
  readonly main: readonly PackedReading[];
  /** In the order of `detailNames`; 0-length where none is read, null for one that is not. */
  readonly details: readonly (PackedReading | null)[];
  /** What few GPUs have, as it is. */
  readonly rest?: Pick<GpuDevice, 'instances' | 'xids' | 'selfMemoryBytes' | 'processes'>;
}

/** A report as it travels from the helper. */
export type PackedReport =
  | GpuUnavailable
  | {
      readonly ok: true;
      readonly devices: readonly PackedDevice[];
      readonly unidentified: readonly UnidentifiedDevice[];
      readonly driver?: string;
    };

export function packReport(report: GpuReport): PackedReport {
  return report.ok ? { ...report, devices: report.devices.map(packDevice) } : report;
}

export function unpackReport(packed: PackedReport): GpuReport {
  return packed.ok ? { ...packed, devices: packed.devices.map(unpackDevice) } : packed;
}

function packDevice(device: GpuDevice): PackedDevice {
  const { index, uuid, name, details, instances, xids, selfMemoryBytes, processes } = device;
  const rest = {
    ...(instances && { instances }),
    ...(xids && { xids }),
    ...(selfMemoryBytes && { selfMemoryBytes }),
    ...(processes && { processes }),
  };
  return {
    index,
    uuid,
    name,
    main: readingNames.map((reading) => packReading(device[reading])),
    details: details === undefined ? [] : packDetails(details),
    ...(Object.keys(rest).length > 0 && { rest }),
  };
}

function packDetails(details: GpuDetails): (PackedReading | null)[] {
  return detailNames.map((name) => {
    const reading = details[name];
    return reading === undefined ? null : packReading(reading);
  });
}

/** Loops rather than entries and spreads: this is most of what a round costs the service. */
function unpackDevice({ index, uuid, name, main, details, rest }: PackedDevice): GpuDevice {
  const readings: Partial<Record<ReadingName, Reading>> = {};
  readingNames.forEach((reading, i) => {
    readings[reading] = unpackReading(main[i] ?? 'error');
  });
  const device = { index, uuid, name, ...(readings as Record<ReadingName, Reading>), ...rest };
  return details.length === 0 ? device : { ...device, details: unpackDetails(details) };
}

function unpackDetails(packed: PackedDevice['details']): GpuDetails {
  const details: Partial<Record<DetailName, Reading>> = {};
  detailNames.forEach((name, i) => {
    const reading = packed[i];
    if (reading !== null && reading !== undefined) details[name] = unpackReading(reading);
  });
  return details;
}

export function packReading(reading: Reading): PackedReading {
  if (!reading.ok) return reading.code === undefined ? reading.why : `${reading.why}:${reading.code}`;
  // JSON has no NaN: it would arrive as null.
  if (!Number.isFinite(reading.value)) return 'error';
  if (reading.kind === 'point') return reading.value;
  const { value, n, max } = reading;
  if (n === undefined) return [value];
  return max === undefined ? [value, n] : [value, n, max];
}

export function unpackReading(packed: PackedReading): Reading {
  if (typeof packed === 'number') return { ok: true, kind: 'point', value: packed };
  if (typeof packed === 'string') return unpackMissing(packed);
  const [value, n, max] = packed;
  return {
    ok: true,
    kind: 'mean',
    value,
    ...(n !== undefined && { n }),
    ...(max !== undefined && { max }),
  };
}

function unpackMissing(packed: string): MissingReading {
  const [why, code] = packed.split(':') as [ReadingFailure, string?];
  return { ok: false, why, ...(code !== undefined && { code: Number(code) }) };
}
