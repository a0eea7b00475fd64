import type { GpuSource, GpuUnavailable } from '../device/gpu-source.ts';
import { endsHelper } from './helper-protocol.ts';
import type { NvmlSourceOptions } from './nvml-source.ts';
import type { NvmlSession } from './nvml-session.ts';
import { openNvml } from './open-nvml.ts';
import { slowRounds } from './slow-rounds.ts';

/**
 * NVML in this very process, for places where no process may be started.
 *
 * There is no way out of a driver that hangs or crashes: it takes the service with it.
 */
export function inlineSource(options: NvmlSourceOptions = {}): GpuSource {
  const { libraryPath, processes = 'self' } = options;
  const isSlow = slowRounds(options);
  let nvml: NvmlSession | GpuUnavailable | undefined;

  return {
    name: 'nvml',
    async read() {
      nvml ??= await openNvml({ servicePid: process.pid, ...(libraryPath !== undefined && { libraryPath }) });
      const report = nvml.ok ? nvml.read({ slow: isSlow(), processes }) : nvml;
      if (endsHelper(report)) {
        if (nvml.ok) nvml.close();
        nvml = undefined;
      }
      return report;
    },
    async close() {
      if (nvml?.ok) nvml.close();
      nvml = undefined;
    },
  };
}
