import type { Answer, ErrorRecord, PredictionRecord } from '../monitor/classifier-recorder.ts';
import type { RequestObservation } from '../http/request-observation.ts';

/** A label as it travels: with the time at which it became known. */
export interface ForwardedLabel {
  readonly id: string;
  readonly actual: Answer;
  readonly atMs: number;
}

/** One event of a worker. The first element says what the second is. */
export type ForwardedEvent =
  | readonly ['prediction', PredictionRecord]
  | readonly ['error', ErrorRecord]
  | readonly ['label', ForwardedLabel]
  | readonly ['request', RequestObservation];

/** What a worker sends: plain JSON, with event times, so that windows are exact wherever they are kept. */
export interface ForwardedMessage {
  /** Marks the message as ours, and names its version. */
  readonly tidewatchEvents: 1;
  /** In the order in which they happened. */
  readonly events: readonly ForwardedEvent[];
  /** Calls that run in the worker at this moment. */
  readonly inflight: number;
  /** Events dropped since the last message. */
  readonly dropped: number;
}
