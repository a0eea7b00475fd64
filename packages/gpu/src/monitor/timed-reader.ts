import type { Clock } from '@tidewatch/core';
import type { GpuReport, GpuSource } from '../device/gpu-source.ts';

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

  return async () => {
    if (isOut) return timedOut('the reading before has not returned');
    const giveUp = new AbortController();
    const answered = new AbortController();
    isOut = true;
    const reading = readSafely(source, giveUp.signal).finally(() => {
      isOut = false;
    });
    const late = clock.sleep(timeoutMs, AbortSignal.any([stop, answered.signal])).catch(() => {});
    const report = await Promise.race([reading, late]);
    answered.abort('answered'); // a reason of ours: the usual one is an error with a stack
    if (report !== undefined) return report;
    giveUp.abort();
    return timedOut(`no answer within ${timeoutMs} ms`);
  };
}

async function readSafely(source: GpuSource, signal: AbortSignal): Promise<TimedReport> {
  try {
    return await source.read(signal);
  } catch (error) {
    return {
      ok: false,
      reason: 'source-failed',
      evidence: error instanceof Error ? error.message : String(error),
    };
  }
}

function timedOut(evidence: string): SourceFailure {
  return { ok: false, reason: 'read-timed-out', evidence };
}
