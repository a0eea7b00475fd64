import type { GpuProcess } from '../device/gpu-detail.ts';
import type { MissingReading, Reading } from '../device/reading.ts';

/** The service among the processes of the machine. */
export interface OwnProcess {
  /** Its numbers in the namespaces that can be seen from here, from the outermost inwards. */
  readonly pids: readonly number[];
  /** In a container the driver may name processes by the host's numbers, which cannot be seen from here. */
  readonly inContainer: boolean;
}

/**
 * The GPU memory that the service holds, of one GPU's processes.
 *
 * 0 only where that is sure: nobody uses the GPU, or the driver's numbers are ours. In a container a list
 * without us may mean that it is in another namespace.
 */
export function ownMemory(processes: readonly GpuProcess[] | MissingReading, own: OwnProcess): Reading {
  if (!Array.isArray(processes)) return processes as MissingReading;
  const ours = (processes as readonly GpuProcess[]).filter(({ pid }) => own.pids.includes(pid));
  if (ours.length === 0) {
    return own.inContainer && processes.length > 0
      ? { ok: false, why: 'not-visible' }
      : { ok: true, kind: 'point', value: 0 };
  }
  let value = 0;
  for (const { memoryUsedBytes } of ours) {
    if (!memoryUsedBytes.ok) return memoryUsedBytes;
    value += memoryUsedBytes.value;
  }
  return { ok: true, kind: 'point', value };
}

/** The numbers of a process from the text of `/proc/<pid>/status`. */
export function namespacePids(status: string, pid: number): readonly number[] {
  const listed = /^NSpid:\s*(.+)$/m.exec(status)?.[1];
  return listed === undefined ? [pid] : listed.split(/\s+/).map(Number);
}
