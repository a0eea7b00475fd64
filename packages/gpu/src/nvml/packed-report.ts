import { detailNames, type DetailName, type GpuDetails } from '../device/gpu-detail.ts';
import { readingNames, type GpuDevice, type GpuIdentity } from '../device/gpu-device.ts';
import type { GpuReport, GpuUnavailable, UnidentifiedDevice } from '../device/gpu-source.ts';
import type { Reading } from '../device/reading.ts';
import { MOST_NUMBERS, readReading, writeReading, type ReadingRow } from './packed-reading.ts';

/**
 * A reply of the helper in bytes: four numbers (its length, the question that it answers, how many numbers and
 * how many bytes of text follow), the numbers of all readings, and all that is no number as JSON.
 *
 * The text seldom changes and travels only when it does: printed and parsed as JSON, 200 numbers a round would be
 * most of what a round costs the service.
 */
export const HEADER_NUMBERS = 4;
export const NUMBER_BYTES: number = Float64Array.BYTES_PER_ELEMENT;

/** What a report says beside its numbers. */
type Head = GpuUnavailable | ReadingsHead;

interface ReadingsHead {
  readonly ok: true;
  readonly driver?: string;
  readonly devices: readonly PackedDevice[];
  /** What each reading is, all devices one after the other: see packed-reading.ts. */
  readonly forms: string;
  readonly unidentified: readonly UnidentifiedDevice[];
}

/** Which GPU it is, and what few of them have, as it is. */
type PackedDevice = Pick<GpuDevice, keyof GpuIdentity | 'instances' | 'xids' | 'processes'>;

/** The main readings, the details, and the memory of the service. */
const READINGS_EACH = readingNames.length + detailNames.length + 1;

/** Packs the replies of one helper, in their order. What it returns is overwritten by the next. */
export function replyPacker(): (id: number, report: GpuReport) => Uint8Array {
  let numbers = new Float64Array();
  let sent = '';

  return (id, report) => {
    const devices = report.ok ? report.devices : [];
    const most = HEADER_NUMBERS + devices.length * READINGS_EACH * MOST_NUMBERS;
    if (numbers.length < most) numbers = new Float64Array(most);
    const row: ReadingRow = { forms: '', letter: 0, numbers, number: HEADER_NUMBERS };
    for (const device of devices) writeDevice(row, device);

    const head = JSON.stringify(headOf(report, row.forms));
    const text = head === sent ? '' : head;
    sent = head;
    const textBytes = Buffer.byteLength(text);
    const bytes = row.number * NUMBER_BYTES + textBytes;
    numbers.set([bytes, id, row.number - HEADER_NUMBERS, textBytes]);
    const packed = Buffer.from(numbers.buffer, 0, row.number * NUMBER_BYTES);
    return textBytes === 0 ? packed : Buffer.concat([packed, Buffer.from(text)]);
  };
}

/** One reply, and the question that it answers. */
export interface Reply {
  readonly id: number;
  readonly report: GpuReport;
}

/** Unpacks them. Throws where one is none: a memory that the driver has overwritten may send anything. */
export function replyUnpacker(): (packed: Buffer) => Reply {
  let head: Head | undefined;

  return (packed) => {
    const [, id = Number.NaN, length = 0, textBytes = 0] = numbersOf(packed, 0, HEADER_NUMBERS);
    const text = packed.subarray((HEADER_NUMBERS + length) * NUMBER_BYTES);
    if (text.length !== textBytes) throw new Error('a reply whose parts are not as long as it says');
    if (textBytes > 0) head = JSON.parse(text.toString()) as Head;
    if (head === undefined) throw new Error('the first reply has no text');
    if (!head.ok) return { id, report: head };
    const { forms, devices, ...others } = head;
    if (forms.length !== devices.length * READINGS_EACH) throw new Error('not the readings of these GPUs');
    const numbers = numbersOf(packed, HEADER_NUMBERS, length);
    const row: ReadingRow = { forms, letter: 0, numbers, number: 0 };
    return { id, report: { ...others, devices: devices.map((device) => readDevice(row, device)) } };
  };
}

/** A copy: the bytes of a stream may begin anywhere, and numbers may not. */
function numbersOf(packed: Buffer, from: number, length: number): Float64Array {
  const numbers = new Float64Array(length);
  packed.copy(Buffer.from(numbers.buffer), 0, from * NUMBER_BYTES);
  return numbers;
}

function headOf(report: GpuReport, forms: string): Head {
  if (!report.ok) return report;
  const { devices, unidentified, driver } = report;
  return {
    ok: true,
    ...(driver !== undefined && { driver }),
    devices: devices.map(({ index, uuid, name, instances, xids, processes }) => ({
      index,
      uuid,
      name,
      ...(instances && { instances }),
      ...(xids && { xids }),
      ...(processes && { processes }),
    })),
    forms,
    unidentified,
  };
}

function writeDevice(row: ReadingRow, device: GpuDevice): void {
  for (const name of readingNames) writeReading(row, device[name]);
  const { details = {} } = device;
  for (const name of detailNames) writeReading(row, details[name]);
  writeReading(row, device.selfMemoryBytes);
}

/** Written out, in the order of `readingNames`: a device put together name by name takes three times as long. */
function readDevice(row: ReadingRow, packed: PackedDevice): GpuDevice {
  const { index, uuid, name, instances, xids, processes } = packed;
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
  if (instances !== undefined) device.instances = instances;
  if (xids !== undefined) device.xids = xids;
  if (processes !== undefined) device.processes = processes;
  return device;
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
