import type { IncomingMessage, ServerResponse } from 'node:http';
import { guardedLogger, silentLogger, type Logger } from '../vocabulary/logger.ts';
import type { FetchHandler } from './fetch-handler.ts';
import { toRequest, type RequestContent } from './node-request.ts';
import { wholeTextOf } from './text-response.ts';

export interface NodeHandlerOptions {
  /** A handler that reads a larger body is cut short, and 413 is answered. @defaultValue 1_048_576 */
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
  { maxBodyBytes = 1_048_576, logger: hostLogger = silentLogger }: NodeHandlerOptions = {},
): NodeHandler {
  const logger = guardedLogger(hostLogger);

  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    next: (() => void) | undefined,
  ): Promise<void> {
    const body = new RequestBody(incoming, maxBodyBytes);
    const response = UNSPEAKABLE_METHODS.has(incoming.method ?? '')
      ? undefined
      : await answer(toRequest(incoming, outgoing, body.content()), body);
    if (response !== undefined) await send(response, incoming, outgoing);
    else if (next !== undefined) next();
    else await send(new Response('not found\n', { status: 404 }), incoming, outgoing);
  }

  async function answer(request: Request, body: RequestBody): Promise<Response | undefined> {
    try {
      return await handler(request);
    } catch (error) {
      if (!body.isTooLarge) throw error;
      // The rest of the body is not read, so the connection cannot be used again.
      const headers = { 'content-type': 'text/plain', connection: 'close' };
      return new Response(`the body is larger than ${maxBodyBytes} bytes\n`, { status: 413, headers });
    }
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

/** What a web Request cannot say (the Fetch standard forbids it), so no handler can know the path. */
const UNSPEAKABLE_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The body of a request, read when the handler asks for it and not before: a request that the handler
 * declines reaches the host's own parsers untouched.
 */
class RequestBody {
  readonly #incoming: IncomingMessage;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(incoming: IncomingMessage, maxBytes: number) {
    this.#incoming = incoming;
    this.#maxBytes = maxBytes;
  }

  get isTooLarge(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  content(): RequestContent | undefined {
    const incoming = this.#incoming;
    if (incoming.method === 'GET' || incoming.method === 'HEAD') return undefined;
    const parsed = (incoming as { body?: unknown }).body;
    if (incoming.readableEnded) return parsed === undefined ? undefined : reassemble(incoming, parsed);
    const chunks = this.#chunks();
    return new ReadableStream<Bytes>(
      {
        async pull(controller) {
          const { value, done } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        },
      },
      { highWaterMark: 0 },
    );
  }

  async *#chunks(): AsyncGenerator<Bytes, void> {
    // The host keeps the stream: it may still have to answer on the same socket.
    for await (const chunk of this.#incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.#bytes += chunk.length;
      if (this.isTooLarge) throw new Error('the body is too large');
      yield new Uint8Array(chunk);
    }
  }
}

/** A body parser of the host came first: write its result back the way it was sent. */
function reassemble(incoming: IncomingMessage, parsed: unknown): Bytes {
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

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  let hasCookies = false;
  for (const [name, value] of response.headers) {
    if (name === 'set-cookie') hasCookies = true;
    else outgoing.setHeader(name, value);
  }
  if (hasCookies) outgoing.setHeader('set-cookie', response.headers.getSetCookie());
  outgoing.writeHead(response.status);
  const text = wholeTextOf(response);
  if (text !== undefined) {
    outgoing.end(incoming.method === 'HEAD' ? undefined : text);
  } else if (response.body === null || incoming.method === 'HEAD') {
    await response.body?.cancel();
    outgoing.end();
  } else {
    await sendBody(response.body.getReader(), outgoing);
  }
}

/**
 * Writes each chunk when the client has taken the one before. A client that goes away cancels the body.
 *
 * `pipeline(Readable.fromWeb(body), outgoing)` does the same in twice the time of a whole short request.
 */
async function sendBody(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
): Promise<void> {
  let resume = (): void => undefined;
  const onClose = (): void => {
    resume();
    if (!outgoing.writableFinished) reader.cancel().catch(() => undefined);
  };
  outgoing.once('close', onClose).on('drain', () => resume());
  while (!outgoing.destroyed) {
    const { value, done } = await reader.read();
    if (done) break;
    if (outgoing.write(value) || outgoing.destroyed) continue;
    await new Promise<void>((resolve) => {
      resume = resolve;
    });
  }
  outgoing.end();
}
