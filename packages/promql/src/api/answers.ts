import { PromqlError, type PromqlErrorCode } from '../errors.ts';
import { quoteText, writeJson } from './go-json.ts';
import { BadRequest, BodyTooLarge } from './parameters.ts';
import { streamed } from './streamed.ts';

interface Remarks {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** A success body around data that are JSON already, in pieces; remarks stand behind the data. */
export function successOf(data: Iterable<string>, { warnings = [], infos = [] }: Remarks = {}): Response {
  return streamed(
    (function* body() {
      yield '{"status":"success","data":';
      yield* data;
      if (warnings.length > 0) yield `,"warnings":${listOf(warnings)}`;
      if (infos.length > 0) yield `,"infos":${listOf(infos)}`;
      yield '}';
    })(),
  );
}

/** A success body around any data. */
export function success(data: unknown, remarks: Remarks = {}): Response {
  return successOf(writeJson(data), remarks);
}

/** Beside data that were cut at the parameter `limit`. */
export const TRUNCATED = 'results truncated due to limit';

export function failure(status: number, errorType: string, error: string): Response {
  const body = `{"status":"error","errorType":"${errorType}","error":${quoteText(error)}}`;
  return new Response(body, { status, headers: { 'content-type': 'application/json' } });
}

export function text(body: string, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  headers.set('content-type', 'text/plain; charset=utf-8');
  return new Response(body, { ...init, headers });
}

function listOf(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(',')}]`;
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
  if (error instanceof BodyTooLarge) {
    const response = failure(413, 'bad_data', error.message);
    // The rest of the body is not read, so the connection cannot be used again.
    response.headers.set('connection', 'close');
    return response;
  }
  if (error instanceof BadRequest) return failure(400, 'bad_data', error.message);
  if (error instanceof PromqlError) {
    const [status, errorType] = ERRORS[error.code];
    const message = error.code === 'parse' ? `invalid parameter "query": ${error.message}` : error.message;
    return failure(status, errorType, message);
  }
  if (signal.aborted) return failure(499, 'canceled', 'the client went away');
  return failure(500, 'internal', 'internal error');
}
