import type { GpuSource } from '../device/gpu-source.ts';
import { findHardware } from './find-hardware.ts';
import { nvmlSource, type NvmlSourceOptions } from './nvml-source.ts';

/**
 * NVML where there can be a GPU. On the usual laptop or build machine it costs a look at a few files,
 * and no process is started.
 */
export function autoSource(options: NvmlSourceOptions): GpuSource {
  const nvml = nvmlSource(options);
  const looksFirst = process.platform === 'linux' && options.libraryPath === undefined;
  return {
    name: nvml.name,
    async read(signal) {
      if (looksFirst && (await findHardware()) === undefined) {
        return { ok: false, reason: 'no-gpu', evidence: 'no NVIDIA device file and no NVIDIA PCI device' };
      }
      return nvml.read(signal);
    },
    close: () => nvml.close(),
  };
}
