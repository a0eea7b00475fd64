import type { DetailName } from '../device/gpu-detail.ts';
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

type FieldName = DetailName &
  (
    | 'powerCapSeconds'
    | 'syncBoostSeconds'
    | 'memoryTemperatureCelsius'
    | 'pcieTransmittedBytes'
    | 'pcieReceivedBytes'
    | 'softwareThermalSeconds'
    | 'hardwareThermalSeconds'
    | 'powerBrakeSeconds'
  );

export type FieldReadings = Readonly<Record<FieldName, Reading>>;

/** Field values by NVIDIA's number (NVML_FI_DEV_…). */
const fields = [74, 76, 82, 197, 198, 269, 270, 271] as const;

/** Written by the driver and read at once: one room serves all GPUs. */
const values = Buffer.alloc(fields.length * nvmlFieldValue.size);

/** One call for all of them: each call takes the driver's lock once. */
export function readFields(nvml: NvmlCalls, handle: bigint): FieldReadings {
  values.fill(0);
  fields.forEach((id, i) => values.writeUInt32LE(id, i * nvmlFieldValue.size + nvmlFieldValue.fieldId));
  const code = nvml.nvmlDeviceGetFieldValues(handle, fields.length, values);
  const read = (id: (typeof fields)[number], perUnit = 1): Reading =>
    code === nvmlCode.success
      ? fieldReading(fields.indexOf(id) * nvmlFieldValue.size, perUnit)
      : missingReading(code);
  return {
    powerCapSeconds: read(74, NANOSECONDS),
    syncBoostSeconds: read(76, NANOSECONDS),
    memoryTemperatureCelsius: read(82),
    pcieTransmittedBytes: read(197),
    pcieReceivedBytes: read(198),
    softwareThermalSeconds: read(269, NANOSECONDS),
    hardwareThermalSeconds: read(270, NANOSECONDS),
    powerBrakeSeconds: read(271, NANOSECONDS),
  };
}

/** The call succeeds as a whole while single values fail. */
function fieldReading(at: number, perUnit: number): Reading {
  const code = values.readInt32LE(at + nvmlFieldValue.nvmlReturn);
  // A driver that does not know the number calls it an invalid argument.
  if (code === nvmlCode.invalidArgument) return { ok: false, why: 'unsupported', code };
  if (code !== nvmlCode.success) return missingReading(code);
  const value = at + nvmlFieldValue.value;
  switch (values.readInt32LE(at + nvmlFieldValue.valueType)) {
    case VALUE_DOUBLE:
      return point(values.readDoubleLE(value) / perUnit);
    case VALUE_UNSIGNED_INT:
      return point(values.readUInt32LE(value) / perUnit);
    // An unsigned long has 4 bytes on Windows; the upper half of the union is then 0, for we cleared it.
    case VALUE_UNSIGNED_LONG:
    case VALUE_UNSIGNED_LONG_LONG:
      return pointOf64(values, value, perUnit);
    default:
      return { ok: false, why: 'not-implemented' };
  }
}
