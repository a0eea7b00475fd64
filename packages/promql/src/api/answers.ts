import { PromqlError, type PromqlErrorCode } from '../errors.ts';
import { quoteText, writeJson } from './go-json.ts';
import { BadRequest, BodyTooLarge } from './parameters.ts';

interface Remarks {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** What a route answers: JSON in pieces, which are made when they are asked for. */
export interface Answer {
  readonly status: number;
  readonly pieces: Iterable<string>;
  /** Beside the content type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A success body around data that are JSON already, in pieces; remarks stand behind the data. */
export function successOf(data: Iterable<string>, remarks: Remarks = {}): Answer {
  return { status: 200, pieces: successPieces(data, remarks) };
}

function* successPieces(
  data: Iterable<string>,
  { warnings = [], infos = [] }: Remarks,
): Generator<string, void> {
  yield '{"status":"success","data":';
  yield* data;
  if (warnings.length > 0) yield `,"warnings":${listOf(warnings)}`;
  if (infos.length > 0) yield `,"infos":${listOf(infos)}`;
  yield '}';
}

/** A success body around any data. */
export function success(data: unknown, remarks: Remarks = {}): Answer {
  return successOf(writeJson(data), remarks);
}

/** Success, and nothing to say. */
export const NO_CONTENT: Answer = { status: 204, pieces: [] };

/** Beside data that were cut at the parameter `limit`. */
export const TRUNCATED = 'results truncated due to limit';

export function failure(
  status: number,
  errorType: string,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = `{"status":"error","errorType":"${errorType}","error":${quoteText(error)}}`;
  return { status, pieces: [body], headers };
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
export function fromError(error: unknown, signal: AbortSignal): Answer {
  if (error instanceof BodyTooLarge) {
    // The rest of the body is not read, so the connection cannot be used again.
    return failure(413, 'bad_data', error.message, { connection: 'close' });
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
