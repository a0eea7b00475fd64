import type { Scores } from '../scores/score-reader.ts';
import { monotonicMs, type Clock } from '../vocabulary/clock.ts';
import type { ClassifierRecorder, ClassifyOptions, Reading } from './classifier-recorder.ts';
import type { ErrorReason } from './error-reason.ts';

/** Where a call of the classifier is written down. */
export interface ClassifySink extends Pick<ClassifierRecorder, 'record' | 'recordError'> {
  /** One call more (+1) or less (-1) is running. */
  inflight(change: 1 | -1): void;
  /** A result in which no class was found, or a callback of the host that threw. */
  unreadable(error: unknown): void;
}

/** {@link ClassifierRecorder.classify}, for any sink. */
export function createClassify(
  sink: ClassifySink,
  clock: Clock,
  errorReason: ErrorReason,
): ClassifierRecorder['classify'] {
  return async (run, options) => {
    const startMs = monotonicMs(clock);
    const durationSeconds = (): number => Math.max(0, monotonicMs(clock) - startMs) / 1000;
    sink.inflight(1);
    try {
      const result = await run();
      recordResult(sink, result, durationSeconds(), options);
      return result;
    } catch (error) {
      sink.recordError({ reason: guardedReason(error, errorReason), durationSeconds: durationSeconds() });
      throw error;
    } finally {
      sink.inflight(-1);
    }
  };
}

function recordResult<Result>(
  sink: ClassifySink,
  result: Result,
  durationSeconds: number,
  options: ClassifyOptions<Result> | undefined,
): void {
  try {
    const { predicted, actual, confidence, scores, segments } = (options?.read ?? readResult)(result);
    sink.record({
      predicted,
      durationSeconds,
      ...(actual === undefined ? {} : { actual }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(scores === undefined ? {} : { scores }),
      ...(segments === undefined ? {} : { segments }),
      ...(options?.id === undefined ? {} : { id: options.id }),
    });
  } catch (error) {
    sink.unreadable(error);
  }
}

function readResult(result: unknown): Reading {
  if (typeof result === 'string') return { predicted: result };
  const { predicted, confidence, scores } = (result ?? {}) as Partial<Record<keyof Reading, unknown>>;
  if (typeof predicted === 'string') {
    return {
      predicted,
      ...(typeof confidence === 'number' ? { confidence } : {}),
      ...(typeof scores === 'object' && scores !== null ? { scores: scores as Scores } : {}),
    };
  }
  throw new TypeError('no class found in the result: give classify the option "read"');
}

function guardedReason(error: unknown, errorReason: ErrorReason): string {
  try {
    return errorReason(error);
  } catch {
    return 'unknown';
  }
}
