import { silentDevice, type GpuDevice, type GpuIdentity } from '../device/gpu-device.ts';
import type { GpuReadings, GpuUnavailable, UnidentifiedDevice } from '../device/gpu-source.ts';
import { DRIVER_VERSION_BYTES, HANDLE_BYTES } from './nvml-abi.ts';
import type { Nvml, NvmlCalls } from './nvml-calls.ts';
import { initFailure, missingReading, nvmlCode } from './nvml-code.ts';
import { heedingRefusals } from './heeding-refusals.ts';
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
  /** After `close`: gives the library back. The session must not be used any more. */
  unload(): void;
}

/** Starts NVML, or says why it will not start. */
export function startNvml(
  nvml: Nvml,
  options: {
    readonly inContainer: boolean;
    readonly pids: readonly number[];
    readonly unload?: () => void;
  },
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
  let details = createDetailReader(nvml, options);
  let refusals = new Map<string, NvmlCalls>();
  const count = Buffer.alloc(4);

  return {
    ok: true,
    read(wanted) {
      let code = nvml.nvmlDeviceGetCount_v2(count);
      if (code === nvmlCode.uninitialized && nvml.nvmlInit_v2() === nvmlCode.success) {
        // Somebody else in this process shut NVML down. What we held went with it.
        details = createDetailReader(nvml, options);
        code = nvml.nvmlDeviceGetCount_v2(count);
      }
      if (code !== nvmlCode.success) {
        const evidence = `nvmlDeviceGetCount_v2 answered ${code}`;
        // 999 is a container's trouble only at the start; later it may pass.
        const reason = code === nvmlCode.unknown ? 'driver-failed' : initFailure(code, options.inContainer);
        return { ok: false, reason, evidence };
      }
      const xids = details.begin();
      // Once a minute everything is asked again: MIG mode comes and goes.
      if (wanted.slow) refusals = new Map();
      const devices: GpuDevice[] = [];
      const unidentified: UnidentifiedDevice[] = [];
      const seen = new Map<number, GpuIdentity>();
      const seenCursors = new Map<string, SampleCursor>();
      for (let index = 0; index < count.readUInt32LE(); index++) {
        const before = known.get(index);
        const opened = openDevice(nvml, index, wanted.slow ? undefined : before);
        const identity = opened.ok ? opened.identity : before;
        if (identity === undefined) {
          if (!opened.ok) unidentified.push({ index, why: opened.missing.why });
          continue;
        }
        const cursor = cursors.get(identity.uuid) ?? { lastSeenUs: 0n };
        const quiet = refusals.get(identity.uuid) ?? heedingRefusals(nvml);
        refusals.set(identity.uuid, quiet);
        seen.set(index, identity);
        seenCursors.set(identity.uuid, cursor);
        devices.push(
          opened.ok
            ? details.read(
                quiet,
                opened.handle,
                readDevice(quiet, opened.handle, identity, cursor),
                wanted,
                xids,
              )
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
    unload: () => options.unload?.(),
  };
}

type OpenedDevice =
  | { readonly ok: true; readonly handle: bigint; readonly identity: GpuIdentity }
  | { readonly ok: false; readonly missing: ReturnType<typeof missingReading> };

/** Written by the driver and read at once: one room serves all GPUs. */
const pointer = Buffer.alloc(HANDLE_BYTES);

/** Index and UUID are asked for in every round, for a GPU can take the place of another; the name belongs to the UUID. */
function openDevice(nvml: NvmlCalls, index: number, before: GpuIdentity | undefined): OpenedDevice {
  const code = nvml.nvmlDeviceGetHandleByIndex_v2(index, pointer);
  if (code !== nvmlCode.success) return { ok: false, missing: missingReading(code) };
  const handle = pointer.readBigUInt64LE();

  const uuid = readUuid(nvml, handle);
  if (!uuid.ok) return { ok: false, missing: missingReading(uuid.code) };
  if (uuid.text === before?.uuid) return { ok: true, handle, identity: before };
  const name = readName(nvml, handle);
  return {
    ok: true,
    handle,
    identity: { index, uuid: uuid.text, name: name.ok ? name.text : 'unknown' },
  };
}
