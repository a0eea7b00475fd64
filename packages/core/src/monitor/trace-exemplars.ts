import { trace, TraceFlags } from '@opentelemetry/api';
import type { Exemplar } from '../metrics/metric-family.ts';

/** From here on a classifier was sure; wrong and sure is what is worth looking at. */
export const SURE_CONFIDENCE = 0.9;

const TRACE_ID = /^[0-9a-f]{32}$/;

/**
 * The trace of the request that is served at this moment, when OpenTelemetry traces it and keeps the trace.
 *
 * Without a tracing SDK there is none, and asking costs a few nanoseconds.
 */
export function activeTraceId(): string | undefined {
  try {
    const context = trace.getActiveSpan()?.spanContext();
    const isKept = context !== undefined && (context.traceFlags & TraceFlags.SAMPLED) !== 0;
    return isKept ? usableTraceId(context.traceId) : undefined;
  } catch {
    return undefined; // a tracer of the host that is broken must not break a prediction
  }
}

/** 32 hexadecimal digits that are not all 0, or `undefined`. */
export function usableTraceId(traceId: unknown): string | undefined {
  const isUsable = typeof traceId === 'string' && TRACE_ID.test(traceId) && !/^0+$/.test(traceId);
  return isUsable ? traceId : undefined;
}

/** For each cell of the confusion matrix, the last prediction that was sure, wrong and traced. */
export class TraceExemplars {
  readonly #byCell: (Exemplar | undefined)[] = [];

  /** @param timeMs - When it turned out to be wrong: servers refuse exemplars that go back in time. */
  note(cell: number, traceId: string, confidence: number, timeMs: number): void {
    this.#byCell[cell] = { labels: { trace_id: traceId }, value: confidence, timeMs };
  }

  of(cell: number): Exemplar | undefined {
    return this.#byCell[cell];
  }
}
