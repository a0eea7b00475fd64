import type { ContainerLimits } from './container-limits.ts';
import type { GraphicsController } from './graphics-controllers.ts';

/** The load of the machine and of this process. A reading that failed is absent. */
export interface HostReadings {
  /** Fraction in [0, 1] over all processors since the round before; absent in the first. */
  readonly cpuUtilization?: number;
  /** Total minus available: what the kernel could free at once does not count as used. */
  readonly memoryUsedBytes?: number;
  readonly memoryTotalBytes?: number;
  /** How late timers fired since the round before, by quantile (`1` is the worst); absent before the first timer. */
  readonly eventLoopDelaySeconds?: Readonly<Record<'0.5' | '0.9' | '0.99' | '1', number>>;
  /** What a container leaves of the machine, whose own numbers are those above. */
  readonly limits?: ContainerLimits;
  /** Graphics controllers of other makers than NVIDIA; absent where there is none. */
  readonly controllers?: readonly GraphicsController[];
}
