import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { HostReadings } from './host-readings.ts';

export interface EventLoopDelay {
  /** The delays since the last call; `undefined` before the first timer fired. */
  take(): HostReadings['eventLoopDelaySeconds'];
  close(): void;
}

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

/** Measures how late a timer of 20 ms fires. A block that spans a call of `take` by less than that is missed. */
export function measureEventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // Node counts the whole time between two firings, the wanted 20 ms included.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000);
  return {
    take() {
      if (histogram.count === 0) return undefined;
      const delays = {
        '0.5': late(histogram.percentile(50)),
        '0.9': late(histogram.percentile(90)),
        '0.99': late(histogram.percentile(99)),
        '1': late(histogram.max),
      };
      histogram.reset();
      return delays;
    },
    close: () => void histogram.disable(),
  };
}
