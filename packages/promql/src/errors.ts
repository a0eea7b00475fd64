/**
 * Why a query or a request was refused. The same words label `tidewatch_query_requests_total{outcome}`.
 *
 * - `parse`: not PromQL, or the types do not fit. Mend the expression.
 * - `execution`: the data do not allow it, such as a many-to-many match.
 * - `unsupported`: valid PromQL that this engine does not evaluate; it never guesses a number.
 * - `limit`: more samples, series or steps than the engine may touch.
 * - `timeout` and `canceled`: stopped before it was done.
 * - `unavailable`: a Prometheus server could not be reached or answered with something else.
 */
export type PromqlErrorCode =
  | 'parse'
  | 'execution'
  | 'unsupported'
  | 'limit'
  | 'timeout'
  | 'canceled'
  | 'unavailable';

/** A query that has no answer. Its message is meant for the person who wrote the query. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
  readonly code: PromqlErrorCode;
  /** `line:column` of the part of the query that failed, where the message does not begin with it. */
  readonly place?: string;

  constructor(code: PromqlErrorCode, message: string, options: ErrorOptions & { place?: string } = {}) {
    super(message, options);
    this.code = code;
    if (options.place !== undefined) this.place = options.place;
  }
}
