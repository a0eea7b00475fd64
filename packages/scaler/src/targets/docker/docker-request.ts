import { request as httpRequest } from 'node:http';
import { TargetError, transportCode } from '../target-error.ts';

export interface DockerRequestOptions {
  readonly socketPath: string;
  readonly timeoutMs: number;
}

/** Asks the Engine; the answer of a request without one is `undefined`. */
export type DockerRequest = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body: object | undefined,
  signal: AbortSignal,
  timeoutMs?: number,
) => Promise<unknown>;

/** Longest answer that is read. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The Engine API over a Unix socket: JSON in, JSON out, no library. */
export function dockerRequest({ socketPath, timeoutMs: usualMs }: DockerRequestOptions): DockerRequest {
  return async (method, path, body, signal, timeoutMs = usualMs) => {
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers =
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const asked = httpRequest(
        { socketPath, method, path, headers: { host: 'docker', ...headers }, signal: bounded },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > MAX_BODY_BYTES) response.destroy(new Error('the answer is too long'));
            else chunks.push(chunk);
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      asked.on('error', (error) => reject(bounded.aborted ? (bounded.reason as Error) : error));
      asked.end(text);
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new TargetError('unreachable', `docker: the Engine cannot be reached (${transportCode(error)})`);
    });

    // 304: a container that was started or stopped already.
    if ((status >= 200 && status < 300) || status === 304) return parse(text);
    const what = `${method} ${path.replace(/\?.*/, '')}`;
    if (status === 404) throw new TargetError('not-found', `docker: ${what}: no such container or image`);
    if (status === 409)
      throw new TargetError('conflict', `docker: ${what}: in use, or being removed already`);
    throw new TargetError('refused', `docker: ${what} was refused (HTTP ${status})`);
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new TargetError('bad-answer', 'docker: the answer is not JSON');
  }
}
