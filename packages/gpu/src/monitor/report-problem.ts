import { readingNames } from '../device/gpu-device.ts';
import { isReason } from './gpu-status.ts';

/** More GPUs than any machine has: a source that counts up for ever must not fill the memory. */
const MOST_DEVICES = 1_024;

/**
 * What is wrong with the shape of a report; `undefined` when nothing is. A source may be anybody's, in any
 * language: what it says is held against the types before anything is built on it.
 */
export function reportProblem(report: unknown): string | undefined {
  if (!isObject(report)) return `expected an object, got ${String(report)}`;
  if (report['ok'] === false) {
    const { reason } = report;
    return isReason(reason) ? undefined : `there is no reason ${JSON.stringify(reason)}`;
  }
  if (report['ok'] !== true) return 'ok is neither true nor false';
  const { devices, unidentified } = report;
  if (!Array.isArray(devices)) return 'devices is no list';
  if (!Array.isArray(unidentified)) return 'unidentified is no list';
  if (devices.length + unidentified.length > MOST_DEVICES) return `more than ${MOST_DEVICES} devices`;
  return firstProblem(devices) ?? firstUnnamed(unidentified);
}

function firstProblem(devices: readonly unknown[]): string | undefined {
  const uuids = new Set<unknown>();
  for (const [position, device] of devices.entries()) {
    const problem = deviceProblem(device);
    if (problem !== undefined) return `devices[${position}]${problem}`;
    uuids.add((device as { uuid: unknown }).uuid);
  }
  // Two of one name would be two values of one series.
  return uuids.size === devices.length ? undefined : 'two devices have one uuid';
}

function deviceProblem(device: unknown): string | undefined {
  if (!isObject(device)) return ' is no object';
  const { index, uuid, name, details, instances, xids, processes, selfMemoryBytes } = device;
  if (typeof index !== 'number') return '.index is no number';
  if (typeof uuid !== 'string' || uuid === '') return '.uuid is no text';
  if (typeof name !== 'string') return '.name is no text';
  for (const reading of readingNames) {
    if (!isReading(device[reading])) return `.${reading} is no reading`;
  }
  if (details !== undefined && !isReadings(details)) return '.details holds what is no reading';
  if (selfMemoryBytes !== undefined && !isReading(selfMemoryBytes)) return '.selfMemoryBytes is no reading';
  if (instances !== undefined && !Array.isArray(instances)) return '.instances is no list';
  if (xids !== undefined && !Array.isArray(xids)) return '.xids is no list';
  if (processes !== undefined && !Array.isArray(processes)) return '.processes is no list';
  return undefined;
}

function firstUnnamed(unidentified: readonly unknown[]): string | undefined {
  const position = unidentified.findIndex((one) => !isObject(one) || typeof one['why'] !== 'string');
  return position === -1 ? undefined : `unidentified[${position}].why is no text`;
}

/** Looks at one after the other: a list of them would be made anew every round. */
function isReadings(details: unknown): boolean {
  if (!isObject(details)) return false;
  for (const name in details) {
    if (!isReading(details[name])) return false;
  }
  return true;
}

function isReading(value: unknown): boolean {
  if (!isObject(value)) return false;
  return value['ok'] === true ? typeof value['value'] === 'number' : typeof value['why'] === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
