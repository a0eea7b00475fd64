import { availableParallelism, cpus, totalmem } from 'node:os';

/** What the container, or the service manager, lets this process have. Absent where it has the whole machine. */
export interface ContainerLimits {
  readonly memoryLimitBytes?: number;
  /** By all processes of the container. */
  readonly memoryUsedBytes?: number;
  /** Processors that it may use at once, rounded up. */
  readonly cpuLimit?: number;
}

/** The limits as Node finds them in the control groups of Linux; it reads a few files of the kernel. */
export function readLimits(): ContainerLimits {
  return limitsOf({
    constrainedBytes: process.constrainedMemory(),
    availableBytes: process.availableMemory(),
    totalBytes: totalmem(),
    usableProcessors: availableParallelism(),
    processors: cpus().length,
  });
}

/** What Node answers; `constrainedBytes` is 0, or more than the machine has, where there is no limit. */
export interface LimitInput {
  readonly constrainedBytes: number;
  readonly availableBytes: number;
  readonly totalBytes: number;
  readonly usableProcessors: number;
  readonly processors: number;
}

export function limitsOf(input: LimitInput): ContainerLimits {
  const { constrainedBytes, availableBytes, totalBytes, usableProcessors, processors } = input;
  const isLimited = constrainedBytes > 0 && constrainedBytes < totalBytes;
  return {
    ...(isLimited && {
      memoryLimitBytes: constrainedBytes,
      memoryUsedBytes: Math.max(0, constrainedBytes - availableBytes),
    }),
    ...(usableProcessors < processors && { cpuLimit: usableProcessors }),
  };
}
