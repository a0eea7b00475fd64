import type { Reading } from '../device/reading.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';

/** Both halves of NVML_VALUE_NOT_AVAILABLE, as memory says under Windows' display driver model. */
const ALL_ONES = 0xffff_ffff;

/** Written by the driver and read at once: one room serves every call, for calls never overlap. */
const answer = Buffer.alloc(8);

/** What the driver says at this moment. */
export function point(value: number): Reading {
  return { ok: true, kind: 'point', value };
}

/** A 64-bit number of the driver. "Not available" is compared before the conversion: it would be 1.8e19 bytes. */
export function pointOf64(from: Buffer, offset: number, perUnit = 1): Reading {
  const low = from.readUInt32LE(offset);
  const high = from.readUInt32LE(offset + 4);
  if (low === ALL_ONES && high === ALL_ONES) return { ok: false, why: 'unsupported' };
  return point((high * 2 ** 32 + low) / perUnit);
}

/** A call that answers one unsigned int. */
export function readUint32(call: (answer: Buffer) => number, perUnit = 1): Reading {
  answer.fill(0);
  const code = call(answer);
  return code === nvmlCode.success ? point(answer.readUInt32LE() / perUnit) : missingReading(code);
}

/** A call that answers one unsigned long long. */
export function readUint64(call: (answer: Buffer) => number, perUnit = 1): Reading {
  answer.fill(0);
  const code = call(answer);
  return code === nvmlCode.success ? pointOf64(answer, 0, perUnit) : missingReading(code);
}
