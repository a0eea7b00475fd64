import { silentDevice, type GpuDevice, type GpuIdentity } from '../device/gpu-device.ts';
import type { GpuReadings, GpuUnavailable, UnidentifiedDevice } from '../device/gpu-source.ts';
import { DRIVER_VERSION_BYTES, HANDLE_BYTES } from './nvml-abi.ts';
import type { Nvml, NvmlCalls } from './nvml-calls.ts';
import { initFailure, missingReading, nvmlCode } from './nvml-code.ts';
import { createDetailReader, type DetailOptions } from './detail-reader.ts';
import { readDevice } from './read-device.ts';
import { readName, readText, readUuid } from './read-text.ts';
import type { SampleCursor } from './read-utilization.ts';

/** NVML, started once and held open: starting it anew costs seconds and wakes the GPU. */
export interface NvmlSession {
  readonly ok: true;
  /** All GPUs, now. Blocks as long as the driver does. */
  read(wanted: DetailOptions): GpuReadings | GpuUnavailable;
  close(): void;
}

/** Starts NVML, or says why it will not start. */
export function startNvml(
  nvml: Nvml,
  options: { readonly inContainer: boolean; readonly pids: readonly number[] },
): NvmlSession | GpuUnavailable {
  const code = nvml.nvmlInit_v2();
  if (code !== nvmlCode.success) {
    return {
      ok: false,
      reason: initFailure(code, options.inContainer),
      evidence: `nvmlInit_v2 answered ${code}`,
    };
  }
  const driver = readText(DRIVER_VERSION_BYTES, (text, size) => nvml.nvmlSystemGetDriverVersion(text, size));
  /** By index: a lost GPU no longer tells its name, but had one a moment ago. */
  let known = new Map<number, GpuIdentity>();
  let cursors = new Map<string, SampleCursor>();
  const details = createDetailReader(nvml, options);

  return {
    ok: true,
    read(wanted) {
      const count = Buffer.alloc(4);
      const code = nvml.nvmlDeviceGetCount_v2(count);
      if (code !== nvmlCode.success) {
        const evidence = `nvmlDeviceGetCount_v2 answered ${code}`;
        return { ok: false, reason: 'driver-failed', evidence };
      }
      const xids = details.begin();
      const devices: GpuDevice[] = [];
      const unidentified: UnidentifiedDevice[] = [];
      const seen = new Map<number, GpuIdentity>();
      const seenCursors = new Map<string, SampleCursor>();
      for (let index = 0; index < count.readUInt32LE(); index++) {
        const opened = openDevice(nvml, index);
        const identity = opened.ok ? opened.identity : known.get(index);
        if (identity === undefined) {
          if (!opened.ok) unidentified.push({ index, why: opened.missing.why });
          continue;
        }
        const cursor = cursors.get(identity.uuid) ?? { lastSeenUs: 0n };
        seen.set(index, identity);
        seenCursors.set(identity.uuid, cursor);
        devices.push(
          opened.ok
            ? {
                ...readDevice(nvml, opened.handle, identity, cursor),
                ...details.read(opened.handle, identity.uuid, wanted, xids),
              }
            : silentDevice(identity, opened.missing),
        );
      }
      details.end();
      known = seen;
      cursors = seenCursors;
      return { ok: true, devices, unidentified, ...(driver.ok && { driver: driver.text }) };
    },
    close() {
      details.close();
      nvml.nvmlShutdown();
    },
  };
}

type OpenedDevice =
  | { readonly ok: true; readonly handle: bigint; readonly identity: GpuIdentity }
  | { readonly ok: false; readonly missing: ReturnType<typeof missingReading> };

function openDevice(nvml: NvmlCalls, index: number): OpenedDevice {
  const pointer = Buffer.alloc(HANDLE_BYTES);
  const code = nvml.nvmlDeviceGetHandleByIndex_v2(index, pointer);
  if (code !== nvmlCode.success) return { ok: false, missing: missingReading(code) };
  const handle = pointer.readBigUInt64LE();

  const uuid = readUuid(nvml, handle);
  if (!uuid.ok) return { ok: false, missing: missingReading(uuid.code) };
  const name = readName(nvml, handle);
  return {
    ok: true,
    handle,
    identity: { index, uuid: uuid.text, name: name.ok ? name.text : 'unknown' },
  };
}
