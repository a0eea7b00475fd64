import type { Reading } from '../device/reading.ts';
import { VALUE_NOT_AVAILABLE } from './nvml-abi.ts';
import { missingReading, nvmlCode } from './nvml-code.ts';

/** What the driver says at this moment. */
export function point(value: number): Reading {
  return { ok: true, kind: 'point', value };
}

/** Compares with "not available" before the conversion: as a number it would be 1.8e19 bytes. */
export function pointOf64(raw: bigint, perUnit = 1): Reading {
  return raw === VALUE_NOT_AVAILABLE ? { ok: false, why: 'unsupported' } : point(Number(raw) / perUnit);
}

/** A call that answers one unsigned int. */
export function readUint32(call: (answer: Buffer) => number, perUnit = 1): Reading {
  const answer = Buffer.alloc(4);
  const code = call(answer);
  return code === nvmlCode.success ? point(answer.readUInt32LE() / perUnit) : missingReading(code);
}

/** A call that answers one unsigned long long. */
export function readUint64(call: (answer: Buffer) => number, perUnit = 1): Reading {
  const answer = Buffer.alloc(8);
  const code = call(answer);
  return code === nvmlCode.success ? pointOf64(answer.readBigUInt64LE(), perUnit) : missingReading(code);
}
