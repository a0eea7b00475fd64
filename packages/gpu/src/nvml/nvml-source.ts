import { isSea } from 'node:sea';
import { systemClock, type Clock } from '@tidewatch/core';
import type { GpuSource, GpuUnavailable } from '../device/gpu-source.ts';
import { HELPER_MARK, startHelper, type HelperProcess } from './helper-process.ts';
import { slowRounds } from './slow-rounds.ts';
import { wearGauge } from './wear-gauge.ts';

export interface NvmlSourceOptions {
  /** Path of NVML itself, for places that are not searched. */
  readonly libraryPath?: string;
  /** Pause between the readings that are dear. @defaultValue 60_000 */
  readonly slowIntervalMs?: number;
  /** Whose GPU memory is read with them. @defaultValue 'self' */
  readonly processes?: 'off' | 'self' | 'all';
  readonly clock?: Clock;
}

/** Readings in a row without an answer before the helper is ended: a driver that wakes 8 GPUs is slow, not stuck. */
const PATIENCE = 3;
/** How long a helper may take to shut NVML down and leave, and then after each signal. */
const LEAVE_MS = 1_000;
const TERMINATE_MS = 10_000;
/** The same where somebody waits for it. */
const CLOSE_MS = 2_000;
const HURRY_MS = 1_000;

/**
 * NVML in a helper process, started at the first reading.
 *
 * A reading that is aborted leaves the helper alone; after three without an answer it is asked to leave, then
 * terminated, and killed only as the last resort, for a kill in the middle of a call has frozen GPUs
 * (NVIDIA/dcgm-exporter#84). It can stay even so, while the kernel waits for the driver; until it has gone no
 * other is started, so there is at most one.
 */
export function nvmlSource(options: NvmlSourceOptions = {}): GpuSource {
  const { libraryPath, processes = 'self', clock = systemClock } = options;
  let helper: HelperProcess | undefined;
  /** Told to leave, and not known to have ended. */
  let leaving: HelperProcess | undefined;
  let requests = 0;
  let unanswered = 0;
  const isSlow = slowRounds(options);
  const isWorn = wearGauge();

  /** No other helper is started before this one has ended. */
  function letGo(process: HelperProcess): void {
    helper = undefined;
    unanswered = 0;
    leaving = process.isOver() ? undefined : process;
    process.leave();
  }

  /** Ends it, patiently or not; whether it has ended. */
  async function end(process: HelperProcess, leaveMs: number, terminateMs: number): Promise<boolean> {
    if (await process.hasEnded(leaveMs)) return true;
    process.signal('SIGTERM');
    if (await process.hasEnded(terminateMs)) return true;
    process.signal('SIGKILL');
    return process.hasEnded(HURRY_MS);
  }

  /** Why no helper may be asked; `undefined` when one may. */
  async function obstacle(): Promise<GpuUnavailable | undefined> {
    if (leaving !== undefined) {
      const last = leaving;
      if (!(await last.held(() => end(last, HURRY_MS, HURRY_MS)))) {
        return { ok: false, reason: 'helper-stuck', evidence: `process ${last.pid} does not end` };
      }
      leaving = undefined;
    }
    if (!isSea() && process.env[HELPER_MARK] === undefined) return undefined;
    // There is no plain Node to fork: the program itself would be started again.
    return { ok: false, reason: 'helper-not-allowed', evidence: 'single executable application' };
  }

  return {
    name: 'nvml',
    async read(signal) {
      const hindrance = await obstacle();
      if (hindrance !== undefined) return hindrance;
      if (helper?.isOver() === true) helper = undefined;
      try {
        helper ??= startHelper(libraryPath, clock);
      } catch (error) {
        const evidence = (error as NodeJS.ErrnoException).code ?? String(error);
        return { ok: false, reason: 'helper-not-allowed', evidence };
      }
      const asked = helper;
      const request = { kind: 'read', id: ++requests, slow: isSlow(), processes } as const;
      const owed = asked.owes();
      const report = await asked.ask(request, signal);
      if (report === 'aborted') {
        // Only the same question counts: who answers late is not stuck.
        unanswered = owed !== undefined && asked.owes() === owed ? unanswered + 1 : 1;
        if (unanswered >= PATIENCE) {
          letGo(asked);
          void end(asked, LEAVE_MS, TERMINATE_MS);
        }
        return { ok: false, reason: 'helper-stuck', evidence: `process ${asked.pid} does not answer` };
      }
      unanswered = 0;
      if (isWorn(report)) letGo(asked);
      return report;
    },
    async close() {
      const last = helper ?? leaving;
      if (last === undefined) return;
      letGo(last);
      await last.held(() => end(last, CLOSE_MS, HURRY_MS));
    },
  };
}
