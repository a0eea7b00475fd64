import type { DetailName, GpuDetails } from '../device/gpu-detail.ts';
import type { Reading } from '../device/reading.ts';
import {
  nvmlFieldValue,
  VALUE_DOUBLE,
  VALUE_UNSIGNED_INT,
  VALUE_UNSIGNED_LONG,
  VALUE_UNSIGNED_LONG_LONG,
} from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';
import { point, pointOf64 } from './read-number.ts';

const NANOSECONDS = 1e9;

/** Field values by NVIDIA's number (NVML_FI_DEV_…), and how many of its units are one of ours. */
const fields: readonly (readonly [id: number, DetailName, perUnit: number])[] = [
  [74, 'powerCapSeconds', NANOSECONDS],
  [76, 'syncBoostSeconds', NANOSECONDS],
  [82, 'memoryTemperatureCelsius', 1],
  [197, 'pcieTransmittedBytes', 1],
  [198, 'pcieReceivedBytes', 1],
  [269, 'softwareThermalSeconds', NANOSECONDS],
  [270, 'hardwareThermalSeconds', NANOSECONDS],
  [271, 'powerBrakeSeconds', NANOSECONDS],
];

/** One call for all of them: each call takes the driver's lock once. */
export function readFields(nvml: NvmlCalls, handle: bigint): GpuDetails {
  const values = Buffer.alloc(fields.length * nvmlFieldValue.size);
  const slots = fields.map((_field, i) =>
    values.subarray(i * nvmlFieldValue.size, (i + 1) * nvmlFieldValue.size),
  );
  slots.forEach((slot, i) => slot.writeUInt32LE(fields[i]?.[0] ?? 0, nvmlFieldValue.fieldId));
  const code = nvml.nvmlDeviceGetFieldValues(handle, fields.length, values);
  return Object.fromEntries(
    fields.map(([, name, perUnit], i) => {
      const slot = slots[i];
      const isRead = code === nvmlCode.success && slot !== undefined;
      return [name, isRead ? fieldReading(slot, perUnit) : missingReading(code)];
    }),
  );
}

/** The call succeeds as a whole while single values fail. */
function fieldReading(slot: Buffer, perUnit: number): Reading {
  const code = slot.readInt32LE(nvmlFieldValue.nvmlReturn);
  // A driver that does not know the number calls it an invalid argument.
  if (code === nvmlCode.invalidArgument) return { ok: false, why: 'unsupported', code };
  if (code !== nvmlCode.success) return missingReading(code);
  switch (slot.readInt32LE(nvmlFieldValue.valueType)) {
    case VALUE_DOUBLE:
      return point(slot.readDoubleLE(nvmlFieldValue.value) / perUnit);
    case VALUE_UNSIGNED_INT:
      return point(slot.readUInt32LE(nvmlFieldValue.value) / perUnit);
    // An unsigned long has 4 bytes on Windows; the upper half of the union is then 0, for we cleared it.
    case VALUE_UNSIGNED_LONG:
    case VALUE_UNSIGNED_LONG_LONG:
      return pointOf64(slot.readBigUInt64LE(nvmlFieldValue.value), perUnit);
    default:
      return { ok: false, why: 'not-implemented' };
  }
}
