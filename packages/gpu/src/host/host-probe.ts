import { readLimits, type ContainerLimits } from './container-limits.ts';
import { readCpuTimes, type CpuTimes } from './cpu-times.ts';
import { readControllers, type GraphicsController } from './graphics-controllers.ts';

/** Bytes of the machine's memory. */
export interface HostMemory {
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** Reads what the machine counts. What throws is absent from the round; the rest is published. */
export interface HostProbe {
  cpuTimes(): CpuTimes;
  memory(): Promise<HostMemory>;
  /** What a container leaves of them. */
  limits?(): ContainerLimits;
  /** Graphics controllers of other makers than NVIDIA. */
  controllers?(): Promise<readonly GraphicsController[]>;
}

/**
 * The machine's own answers, without a process and without blocking.
 *
 * Processor times come from Node itself: systeminformation's `currentLoad` runs a shell on Linux and blocks
 * the event loop until it ends (5.33, `lib/cpu.js`). Its `mem` knows what is available on each system.
 */
export const systemProbe: HostProbe = {
  cpuTimes: readCpuTimes,
  async memory() {
    // Loading it costs 30 ms and more: only those who ask pay.
    const { mem } = await import('systeminformation');
    const { total, available } = await mem();
    return { usedBytes: total - available, totalBytes: total };
  },
  limits: readLimits,
  controllers: () => readControllers(),
};
