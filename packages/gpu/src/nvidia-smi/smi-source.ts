import { execFile } from 'node:child_process';
import { isInContainer } from '../nvml/find-hardware.ts';
import type { GpuSource } from '../device/gpu-source.ts';
import { smiFailure, type SmiEnd } from './smi-failure.ts';
import { parseSmiTable, smiArguments } from './smi-table.ts';

export interface SmiSourceOptions {
  /** The program. @defaultValue 'nvidia-smi', searched in PATH */
  readonly program?: string;
}

/** Each run opens the driver anew, which takes it up to 1.5 s and wakes the GPU. */
const LEAST_INTERVAL_MS = 30_000;
/** 64 GPUs print about 8 KB. */
const LONGEST_OUTPUT = 1_000_000;

/**
 * Readings from the program nvidia-smi, for where NVML itself cannot be called: one process for each reading,
 * so at most one in 30 seconds.
 *
 * A reading that is aborted kills its process, and does not return before the process has ended: while one
 * hangs in the driver no other is started.
 */
export function smiSource({ program = 'nvidia-smi' }: SmiSourceOptions = {}): GpuSource {
  return {
    name: 'nvidia-smi',
    leastIntervalMs: LEAST_INTERVAL_MS,
    async read(signal) {
      const run = await runSmi(program, signal);
      if (typeof run !== 'string') return smiFailure(run, await isInContainer());
      return parseSmiTable(run);
    },
    async close() {},
  };
}

/** What it printed, or how it ended without. */
function runSmi(program: string, signal: AbortSignal): Promise<string | SmiEnd> {
  return new Promise((resolve) => {
    try {
      const child = execFile(
        program,
        smiArguments,
        { signal, killSignal: 'SIGKILL', maxBuffer: LONGEST_OUTPUT, windowsHide: true },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
            // Aborted: told at once, though the process may still hang in the driver.
            child.once('exit', () => resolve(endOf(error, stdout, stderr)));
          } else resolve(endOf(error, stdout, stderr));
        },
      );
      // Killed and yet there, in the kernel: that must not keep the service alive.
      signal.addEventListener('abort', () => child.unref(), { once: true });
    } catch (error) {
      resolve(endOf(error as NodeJS.ErrnoException, '', '')); // the permission model refuses at once
    }
  });
}

function endOf(
  error: { readonly code?: unknown; readonly signal?: unknown },
  stdout: string,
  stderr: string,
): SmiEnd {
  const { code, signal } = error;
  return {
    ...(typeof code === 'string' && { systemCode: code }),
    ...(typeof code === 'number' && { status: code }),
    ...(typeof signal === 'string' && { signal }),
    printed: `${stdout}\n${stderr}`,
  };
}
