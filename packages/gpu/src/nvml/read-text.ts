import { DRIVER_VERSION_BYTES, NAME_BYTES, UUID_BYTES } from './nvml-abi.ts';
import type { NvmlCalls } from './nvml-calls.ts';
import { nvmlCode } from './nvml-code.ts';

/** A text of the driver, or the code that it answered instead. */
export type Text =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: number };

/** Written by the driver and read at once: one room serves every text. */
const room = Buffer.alloc(Math.max(NAME_BYTES, UUID_BYTES, DRIVER_VERSION_BYTES));

/** A call that fills a text of so many bytes, up to its end or to the first 0. */
export function readText(bytes: number, fill: (text: Buffer, size: number) => number): Text {
  room.fill(0);
  const code = fill(room, bytes);
  if (code !== nvmlCode.success) return { ok: false, code };
  const end = room.indexOf(0);
  return { ok: true, text: room.toString('utf8', 0, end === -1 ? bytes : Math.min(end, bytes)) };
}

export function readUuid(nvml: NvmlCalls, handle: bigint): Text {
  return readText(UUID_BYTES, (text, size) => nvml.nvmlDeviceGetUUID(handle, text, size));
}

export function readName(nvml: NvmlCalls, handle: bigint): Text {
  return readText(NAME_BYTES, (text, size) => nvml.nvmlDeviceGetName(handle, text, size));
}
