import { PromqlError, type PromqlErrorCode } from '../errors.ts';
import { BadRequest } from './parameters.ts';

/** A success body; remarks stand beside the data. */
export function success(
  data: unknown,
  { warnings, infos }: { readonly warnings?: readonly string[]; readonly infos?: readonly string[] } = {},
): Response {
  return Response.json({
    status: 'success',
    data,
    ...(warnings === undefined || warnings.length === 0 ? {} : { warnings }),
    ...(infos === undefined || infos.length === 0 ? {} : { infos }),
  });
}

export function failure(status: number, errorType: string, error: string): Response {
  return Response.json({ status: 'error', errorType, error }, { status });
}

export function text(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

const ERRORS: Readonly<Record<PromqlErrorCode, readonly [status: number, errorType: string]>> = {
  parse: [400, 'bad_data'],
  execution: [422, 'execution'],
  unsupported: [422, 'execution'],
  limit: [422, 'execution'],
  timeout: [503, 'timeout'],
  canceled: [499, 'canceled'],
  unavailable: [503, 'unavailable'],
};

/** The body for whatever a route threw. An error that is not ours keeps its text to itself. */
export function fromError(error: unknown, signal: AbortSignal): Response {
  if (error instanceof BadRequest) return failure(400, 'bad_data', error.message);
  if (error instanceof PromqlError) {
    const [status, errorType] = ERRORS[error.code];
    const message = error.code === 'parse' ? `invalid parameter "query": ${error.message}` : error.message;
    return failure(status, errorType, message);
  }
  if (signal.aborted) return failure(499, 'canceled', 'the client went away');
  return failure(500, 'internal', 'internal error');
}
