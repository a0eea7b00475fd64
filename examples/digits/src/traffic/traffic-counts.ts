/** Why a request did not get its answer. */
export type FailureReason =
  /** Nobody listened. */
  | 'refused'
  /** The connection broke before the whole answer was there. */
  | 'reset'
  /** No byte came for `timeoutMs`. */
  | 'timeout'
  /** Status 3xx or 4xx. */
  | 'rejected'
  /** Status 5xx. */
  | 'server-error'
  /** Status 2xx, but no classification in the body. */
  | 'bad-answer'
  /** Still open when `stop()` ran out of patience. */
  | 'cut-off'
  /** Any other fault of the network. */
  | 'network';

/** Answers held against the truth, which only the sender knows. */
interface Verdicts {
  right: number;
  wrong: number;
}

/**
 * What the traffic did so far. `sent` is `ok`, all of `failed` and `inFlight` together; what was `shed` was
 * never sent.
 */
export interface TrafficCounts {
  sent: number;
  ok: number;
  failed: Record<FailureReason, number>;
  inFlight: number;
  /** Requests that were due while `maxInFlight` were open. */
  shed: number;
  /** Answers to images as they are. */
  clean: Verdicts;
  /** Answers to images through the dirty lens. */
  dirty: Verdicts;
  /** True labels that the service accepted. */
  labelsSent: number;
  /** True labels whose batch failed; they are not sent again. */
  labelsFailed: number;
  /** True labels that are not due yet. */
  labelsWaiting: number;
  /** True labels for which there was no room to wait. */
  labelsDropped: number;
}

/** Counts at the start: all zero. */
export function noTraffic(): TrafficCounts {
  return {
    sent: 0,
    ok: 0,
    failed: {
      refused: 0,
      reset: 0,
      timeout: 0,
      rejected: 0,
      'server-error': 0,
      'bad-answer': 0,
      'cut-off': 0,
      network: 0,
    },
    inFlight: 0,
    shed: 0,
    clean: { right: 0, wrong: 0 },
    dirty: { right: 0, wrong: 0 },
    labelsSent: 0,
    labelsFailed: 0,
    labelsWaiting: 0,
    labelsDropped: 0,
  };
}

/** All requests without an answer, whatever the reason. */
export function failures(counts: TrafficCounts): number {
  return Object.values(counts.failed).reduce((sum, count) => sum + count, 0);
}
