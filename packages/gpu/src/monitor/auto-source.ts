import type { GpuSource, UnavailableReason } from '../device/gpu-source.ts';
import { smiSource } from '../nvidia-smi/smi-source.ts';
import { allSuspended, findHardware } from '../nvml/find-hardware.ts';

/** NVML cannot be called from here at all, and the driver may be well. */
const unreachable: ReadonlySet<UnavailableReason> = new Set([
  'ffi-not-installed',
  'ffi-not-allowed',
  'helper-not-allowed',
]);

/**
 * NVML where there can be a GPU, and nvidia-smi where NVML cannot be called. On the usual laptop or build
 * machine it costs a look at a few files, and no process is started.
 */
export function autoSource(nvml: GpuSource, options: { readonly looksFirst: boolean }): GpuSource {
  const smi = smiSource();
  const looksFirst = process.platform === 'linux' && options.looksFirst;
  let active = nvml;
  /** NVML is held open: it answers by itself whether a GPU is there, and none is asleep. */
  let isOpen = false;

  return {
    get name() {
      return active.name;
    },
    get leastIntervalMs() {
      return active.leastIntervalMs ?? 0;
    },
    async read(signal) {
      if (looksFirst && !isOpen && (await findHardware()) === undefined) {
        return { ok: false, reason: 'no-gpu', evidence: 'no NVIDIA device file and no NVIDIA PCI device' };
      }
      // NVML that is opened wakes the GPU, and keeps it awake.
      if (looksFirst && !isOpen && (await allSuspended())) {
        return { ok: false, reason: 'suspended', evidence: 'power/runtime_status' };
      }
      if (active === smi) return smi.read(signal);
      const report = await nvml.read(signal);
      isOpen = report.ok;
      if (report.ok || !unreachable.has(report.reason)) return report;
      const second = await smi.read(signal);
      // What keeps NVML away is the better advice where nvidia-smi does not help either.
      if (!second.ok) return report;
      active = smi;
      return second;
    },
    close: () => nvml.close(),
  };
}
