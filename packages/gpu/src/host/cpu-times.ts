import { cpus } from 'node:os';

/** Processor time of the machine since it started, over all processors, in milliseconds. */
export interface CpuTimes {
  readonly busyMs: number;
  readonly totalMs: number;
}

/** The machine's own count. Reads one file; waiting for disks counts as idle, as in `top`. */
export function readCpuTimes(): CpuTimes {
  let busyMs = 0;
  let totalMs = 0;
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    busyMs += busy;
    totalMs += busy + times.idle;
  }
  return { busyMs, totalMs };
}

/** Fraction in [0, 1] of the time between two counts that was busy; `undefined` when no time has passed. */
export function cpuUtilization(before: CpuTimes, after: CpuTimes): number | undefined {
  const totalMs = after.totalMs - before.totalMs;
  // Counts can fall when a processor is taken away; that is no answer either.
  if (!(totalMs > 0)) return undefined;
  return Math.min(1, Math.max(0, (after.busyMs - before.busyMs) / totalMs));
}
