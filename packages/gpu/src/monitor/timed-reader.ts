import type { Clock } from '@tidewatch/core';
import type { GpuReport, GpuSource } from '../device/gpu-source.ts';
import { createAlarm } from './alarm.ts';
import { reportProblem } from './report-problem.ts';

/** A report, or what kept the source from giving one. */
export type TimedReport = GpuReport | SourceFailure;

interface SourceFailure {
  readonly ok: false;
  readonly reason: 'read-timed-out' | 'source-failed';
  readonly evidence: string;
}

/**
 * Reads a source with a deadline. Never rejects, and never starts a reading while an earlier one is still
 * out: a source that ignores its signal cannot pile up calls.
 */
export function timedReader(
  source: GpuSource,
  options: { readonly timeoutMs: number; readonly clock: Clock; readonly stop: AbortSignal },
): () => Promise<TimedReport> {
  const { timeoutMs, clock, stop } = options;
  let isOut = false;
  let giveUp = (): void => {};
  const deadline = createAlarm(clock, () => giveUp());
  stop.addEventListener('abort', () => giveUp(), { once: true });

  return async () => {
    if (isOut) return timedOut('the reading before has not returned');
    const patience = new AbortController();
    isOut = true;
    const reading = readSafely(source, patience.signal).finally(() => {
      isOut = false;
    });
    const late = new Promise<undefined>((resolve) => {
      giveUp = () => resolve(undefined);
    });
    deadline.set(timeoutMs);
    if (stop.aborted) giveUp();
    const report = await Promise.race([reading, late]);
    deadline.clear();
    if (report !== undefined) return report;
    patience.abort();
    return timedOut(`no answer within ${timeoutMs} ms`);
  };
}

async function readSafely(source: GpuSource, signal: AbortSignal): Promise<TimedReport> {
  try {
    const report = await source.read(signal);
    const problem = reportProblem(report);
    return problem === undefined ? report : failed(`its report is malformed: ${problem}`);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function failed(evidence: string): SourceFailure {
  return { ok: false, reason: 'source-failed', evidence };
}

function timedOut(evidence: string): SourceFailure {
  return { ok: false, reason: 'read-timed-out', evidence };
}
