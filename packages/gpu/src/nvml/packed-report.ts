import { detailNames, type DetailName, type GpuDetails } from '../device/gpu-detail.ts';
import { readingNames, type GpuDevice, type GpuIdentity } from '../device/gpu-device.ts';
import type { GpuReadings, GpuReport, GpuUnavailable, UnidentifiedDevice } from '../device/gpu-source.ts';
import type { Reading } from '../device/reading.ts';
import { MOST_NUMBERS, readReading, writeReading, type ReadingRow } from './packed-reading.ts';

/** Who the devices of a report are. It seldom changes, and travels only when it does. */
interface Roster {
  readonly devices: readonly GpuIdentity[];
  readonly driver?: string;
}

/** What few GPUs have, as it is. */
type Rest = Pick<GpuDevice, 'instances' | 'xids' | 'processes'>;

/** A report as it travels from the helper. */
export type PackedReport = GpuUnavailable | PackedReadings;

interface PackedReadings {
  readonly ok: true;
  /** Absent where it is that of the report before. */
  readonly roster?: Roster;
  /** What each reading is, all devices one after the other: see packed-reading.ts. */
  readonly forms: string;
  /** The bytes of their numbers in base64: as JSON, 200 numbers a round would be printed and parsed. */
  readonly numbers: string;
  /** By the device's place; absent where none has any. */
  readonly rest?: readonly Rest[];
  readonly unidentified: readonly UnidentifiedDevice[];
}

/** The main readings, the details, and the memory of the service. */
const READINGS_EACH = readingNames.length + detailNames.length + 1;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Packs the reports of one helper, in their order. */
export function reportPacker(): (report: GpuReport) => PackedReport {
  let sent: Roster | undefined;
  let numbers = new Float64Array();

  return (report) => {
    if (!report.ok) return report;
    const { devices, unidentified } = report;
    const most = devices.length * READINGS_EACH * MOST_NUMBERS;
    if (numbers.length < most) numbers = new Float64Array(most);
    const row: ReadingRow = { forms: '', letter: 0, numbers, number: 0 };
    for (const device of devices) writeDevice(row, device);
    const isKnown = sent !== undefined && isOfRoster(report, sent);
    if (!isKnown) sent = rosterOf(report);
    return {
      ok: true,
      ...(!isKnown && sent && { roster: sent }),
      forms: row.forms,
      numbers: Buffer.from(numbers.buffer, 0, row.number * NUMBER_BYTES).toString('base64'),
      ...(devices.some(hasRest) && { rest: devices.map(restOf) }),
      unidentified,
    };
  };
}

/** Unpacks them. Throws where one is none: a memory that the driver has overwritten may send anything. */
export function reportUnpacker(): (packed: PackedReport) => GpuReport {
  let roster: Roster = { devices: [] };

  return (packed) => {
    if (!packed.ok) return packed;
    roster = packed.roster ?? roster;
    const { devices, ...others } = roster;
    if (packed.forms.length !== devices.length * READINGS_EACH)
      throw new Error('not the readings of these GPUs');
    const numbers = new Float64Array(Math.floor(Buffer.byteLength(packed.numbers, 'base64') / NUMBER_BYTES));
    Buffer.from(numbers.buffer).write(packed.numbers, 'base64');
    const row: ReadingRow = { forms: packed.forms, letter: 0, numbers, number: 0 };
    const { rest = [], unidentified } = packed;
    return {
      ok: true,
      ...others,
      devices: devices.map((device, i) => readDevice(row, device, rest[i])),
      unidentified,
    };
  };
}

function isOfRoster({ devices, driver }: GpuReadings, roster: Roster): boolean {
  if (driver !== roster.driver || devices.length !== roster.devices.length) return false;
  return devices.every(({ index, uuid, name }, i) => {
    const known = roster.devices[i];
    return uuid === known?.uuid && index === known.index && name === known.name;
  });
}

function rosterOf({ devices, driver }: GpuReadings): Roster {
  return {
    devices: devices.map(({ index, uuid, name }) => ({ index, uuid, name })),
    ...(driver !== undefined && { driver }),
  };
}

function hasRest({ instances, xids, processes }: GpuDevice): boolean {
  return instances !== undefined || xids !== undefined || processes !== undefined;
}

function restOf({ instances, xids, processes }: GpuDevice): Rest {
  return { ...(instances && { instances }), ...(xids && { xids }), ...(processes && { processes }) };
}

function writeDevice(row: ReadingRow, device: GpuDevice): void {
  for (const name of readingNames) writeReading(row, device[name]);
  const { details = {} } = device;
  for (const name of detailNames) writeReading(row, details[name]);
  writeReading(row, device.selfMemoryBytes);
}

/** Written out, in the order of `readingNames`: a device put together name by name takes three times as long. */
function readDevice(row: ReadingRow, { index, uuid, name }: GpuIdentity, rest: Rest | undefined): GpuDevice {
  const device: { -readonly [Key in keyof GpuDevice]: GpuDevice[Key] } = {
    index,
    uuid,
    name,
    utilization: readMain(row),
    memoryUsedBytes: readMain(row),
    memoryTotalBytes: readMain(row),
    temperatureCelsius: readMain(row),
    powerWatts: readMain(row),
    energyJoules: readMain(row),
  };
  const details = readDetails(row);
  if (details !== undefined) device.details = details;
  const selfMemoryBytes = readReading(row);
  if (selfMemoryBytes !== undefined) device.selfMemoryBytes = selfMemoryBytes;
  return rest === undefined ? device : { ...device, ...rest };
}

function readMain(row: ReadingRow): Reading {
  return readReading(row) ?? { ok: false, why: 'error' };
}

function readDetails(row: ReadingRow): GpuDetails | undefined {
  let details: Partial<Record<DetailName, Reading>> | undefined;
  for (const name of detailNames) {
    const reading = readReading(row);
    if (reading !== undefined) (details ??= {})[name] = reading;
  }
  return details;
}
