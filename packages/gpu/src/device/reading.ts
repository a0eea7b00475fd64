/**
 * Why a reading is missing.
 *
 * - `unsupported`: this GPU, driver or MIG mode does not have it.
 * - `denied`: the driver or the container's device rules refuse it.
 * - `lost`: the GPU fell off the bus or needs a reset.
 * - `not-implemented`: the installed driver library is too old for it.
 * - `not-ready`: there will be a value later.
 * - `not-visible`: it belongs to a process that the driver names in another namespace than ours.
 * - `timeout`: the driver gave up waiting for the GPU.
 * - `error`: anything else; `code` says which.
 */
export type ReadingFailure =
  | 'unsupported'
  | 'denied'
  | 'lost'
  | 'not-implemented'
  | 'not-ready'
  | 'not-visible'
  | 'timeout'
  | 'error';

/** A value, or why there is none. A missing reading is never 0. */
export type Reading = PresentReading | MissingReading;

export interface PresentReading {
  readonly ok: true;
  readonly value: number;
  /** `mean` covers the time since the reading before; `point` is what the driver said at that moment. */
  readonly kind: 'mean' | 'point';
  /** Number of samples behind a mean. */
  readonly n?: number;
  /** Largest of those samples, in the unit of `value`. */
  readonly max?: number;
}

export interface MissingReading {
  readonly ok: false;
  readonly why: ReadingFailure;
  /** The driver's own code, where it gave one. */
  readonly code?: number;
}
