import type { IncomingMessage, ServerResponse } from 'node:http';
import { silentLogger, type Logger } from '../vocabulary/logger.ts';
import type { FetchHandler } from './fetch-handler.ts';

export interface NodeHandlerOptions {
  /** Larger bodies are answered with 413. @defaultValue 1_048_576 */
  readonly maxBodyBytes?: number;
  readonly logger?: Logger;
}

/** A listener for node:http, or a middleware for Express and Connect when `next` is given. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * Lets a {@link FetchHandler} serve node:http, Express, Koa and Fastify.
 *
 * A path that the handler does not know goes to `next`, or is answered with 404 without one. What the
 * handler throws is logged and answered with 500: it never reaches the host.
 */
export function toNodeHandler(
  handler: FetchHandler,
  { maxBodyBytes = 1_048_576, logger = silentLogger }: NodeHandlerOptions = {},
): NodeHandler {
  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    next: (() => void) | undefined,
  ): Promise<void> {
    const closed = new AbortController();
    outgoing.once('close', () => closed.abort(new Error('the client went away')));
    const body = await readBody(incoming, maxBodyBytes);
    const response =
      body === 'too large'
        ? new Response(`the body is larger than ${maxBodyBytes} bytes\n`, { status: 413 })
        : await handler(toRequest(incoming, body, closed.signal));
    if (response !== undefined) await send(response, incoming, outgoing);
    else if (next !== undefined) next();
    else await send(new Response('not found\n', { status: 404 }), incoming, outgoing);
  }

  return (incoming, outgoing, next) => {
    serve(incoming, outgoing, next).catch((error: unknown) => {
      if (outgoing.destroyed) return;
      logger.error({ error, path: incoming.url }, 'a request handler failed');
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end('internal error\n');
    });
  };
}

type Body = Uint8Array<ArrayBuffer> | undefined;

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Body | 'too large'> {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return undefined;
  const parsed = (incoming as { body?: unknown }).body;
  if (incoming.readableEnded && parsed !== undefined) return reassemble(incoming, parsed);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return 'too large';
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** A body parser of the host came first: write its result back the way it was sent. */
function reassemble(incoming: IncomingMessage, parsed: unknown): Body {
  if (Buffer.isBuffer(parsed)) return new Uint8Array(parsed);
  if (typeof parsed === 'string') return new TextEncoder().encode(parsed);
  const isForm = incoming.headers['content-type']?.includes('x-www-form-urlencoded') === true;
  const text = isForm ? formText(parsed as Record<string, unknown>) : JSON.stringify(parsed);
  return new TextEncoder().encode(text);
}

function formText(fields: Record<string, unknown>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

function toRequest(incoming: IncomingMessage, body: Body, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    for (const one of value ?? []) headers.append(name, one);
  }
  // Routers strip their mount path from `url`; the host name is not trusted for anything.
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const method = incoming.method ?? 'GET';
  return new Request(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
}

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}
