import type { IncomingMessage, ServerResponse } from 'node:http';
import { noteRemoteAddress } from './remote-address.ts';

export type RequestContent = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;

/** What is overridden below is a property in the types of Request, and an accessor and a method in truth. */
const BareRequest: new (address: string, init?: RequestInit) => Omit<Request, 'signal' | 'clone'> = Request;

/**
 * Its signal is made when somebody asks for it: handing one to the constructor costs more than all the rest of a short
 * request. What the platform copies out of the inside of a Request, such as `fetch(request)`, therefore needs the
 * signal passed along.
 */
class NodeRequest extends BareRequest {
  readonly #outgoing: ServerResponse;
  #signal: AbortSignal | undefined;

  constructor(outgoing: ServerResponse, address: string, init: RequestInit | undefined) {
    super(address, init);
    this.#outgoing = outgoing;
  }

  get signal(): AbortSignal {
    this.#signal ??= signalOf(this.#outgoing);
    return this.#signal;
  }

  clone(): Request {
    return new Request(Request.prototype.clone.call(this), { signal: this.signal });
  }
}

/** A request of node:http as a web Request, with the address that it came from. */
export function toRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  content: RequestContent | undefined,
): Request {
  const { method = 'GET', rawHeaders } = incoming;
  const request: Request = new NodeRequest(outgoing, addressOf(incoming.url), initOf(method, content));
  // As they came, name and value in turn: HTTP/2 has no headersDistinct, and pseudo-headers that are none.
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (!name.startsWith(':')) request.headers.append(name, rawHeaders[i + 1] ?? '');
  }
  noteRemoteAddress(request, incoming.socket.remoteAddress);
  return request;
}

/** The types of a browser do not know `duplex`, which Node needs to send a stream. */
type StreamInit = RequestInit & { readonly duplex?: 'half' };

function initOf(method: string, content: RequestContent | undefined): StreamInit | undefined {
  if (content !== undefined) return { method, body: content, duplex: 'half' };
  return method === 'GET' ? undefined : { method };
}

/** Aborted when the client goes away before it has the whole answer. */
function signalOf(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const onClose = (): void => {
    if (!outgoing.writableFinished) gone.abort(new Error('the client went away'));
  };
  if (outgoing.closed) onClose();
  else outgoing.once('close', onClose);
  return gone.signal;
}

/** Routers strip their mount path from `url`; `//x` is a path and no host; the host name is not trusted for anything. */
function addressOf(url = '/'): string {
  return `http://localhost${url.startsWith('/') ? url : '/'}`;
}
