import { Agent, request } from 'node:http';
import type { FailureReason } from './traffic-counts.ts';

/** The body of a 2xx answer, or why there is none. */
export type PostOutcome =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly reason: FailureReason };

export interface PostOptions {
  /** Longest silence of the server. */
  readonly timeoutMs: number;
  /** Cuts the request off. */
  readonly signal: AbortSignal;
}

// A connection for every request, as from many distinct users.
const oneConnectionEach = new Agent({ keepAlive: false });

/** Sends one JSON text. Never rejects: what can go wrong is an outcome. */
export function postJson(url: URL, json: string, { timeoutMs, signal }: PostOptions): Promise<PostOutcome> {
  return new Promise((resolve) => {
    const fail = (reason: FailureReason): void => resolve({ ok: false, reason });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
    const options = { method: 'POST', agent: oneConnectionEach, headers, timeout: timeoutMs, signal };
    const sending = request(url, options, (response) => {
      const status = response.statusCode ?? 0;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', (error) => fail(reasonOf(error, signal)));
      response.on('end', () => {
        if (status >= 200 && status < 300) resolve({ ok: true, body });
        else fail(status >= 500 ? 'server-error' : 'rejected');
      });
    });
    sending.on('timeout', () => {
      // First the reason: destroying makes an error event, which would say that the connection broke.
      fail('timeout');
      sending.destroy();
    });
    sending.on('error', (error) => fail(reasonOf(error, signal)));
    sending.end(json);
  });
}

function reasonOf(error: NodeJS.ErrnoException, signal: AbortSignal): FailureReason {
  if (signal.aborted) return 'cut-off';
  if (error.code === 'ECONNREFUSED') return 'refused';
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return 'reset';
  return 'network';
}
