import type { GpuSource, GpuUnavailable } from '../device/gpu-source.ts';
import type { NvmlSourceOptions } from './nvml-source.ts';
import type { NvmlSession } from './nvml-session.ts';
import { openNvml } from './open-nvml.ts';
import { slowRounds } from './slow-rounds.ts';
import { wearGauge } from './wear-gauge.ts';

/**
 * NVML in this very process, for places where no process may be started.
 *
 * There is no way out of a driver that hangs or crashes: it takes the service with it.
 */
export function inlineSource(options: NvmlSourceOptions = {}): GpuSource {
  const { libraryPath, processes = 'self' } = options;
  const isSlow = slowRounds(options);
  const isWorn = wearGauge();
  let nvml: NvmlSession | GpuUnavailable | undefined;

  /** Loading the same soname while it is loaded gives the old library again, after an upgrade of the driver too. */
  function giveBack(): void {
    if (nvml?.ok) {
      nvml.close();
      nvml.unload();
    }
    nvml = undefined;
  }

  return {
    name: 'nvml',
    async read() {
      nvml ??= await openNvml({ servicePid: process.pid, ...(libraryPath !== undefined && { libraryPath }) });
      const report = nvml.ok ? nvml.read({ slow: isSlow(), processes }) : nvml;
      if (isWorn(report)) giveBack();
      return report;
    },
    async close() {
      giveBack();
    },
  };
}
