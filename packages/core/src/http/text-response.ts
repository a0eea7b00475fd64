import { remoteAddressOf } from './remote-address.ts';

/** Each with its whole body. */
const texts = new WeakMap<Response, string>();
/** What somebody reads besides `toNodeHandler`. */
const readable = new WeakMap<Response, Response>();

/**
 * A Response with a short text as its body and the header `content-length`.
 *
 * The answer to a request that came through `toNodeHandler` has no stream until somebody reads its body: the stream
 * costs more than the rest of a short answer, and node:http takes text.
 */
export function textResponse(
  request: Request,
  text: string,
  { status = 200, headers = {} }: { readonly status?: number; readonly headers?: Record<string, string> },
): Response {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(text)) };
  if (remoteAddressOf(request) === undefined) return new Response(text, { status, headers: all });
  const response = new TextResponse(null, status === 200 ? { headers: all } : { status, headers: all });
  texts.set(response, text);
  return response;
}

/** The whole body of a {@link textResponse}; `undefined` for any other Response. */
export function wholeTextOf(response: Response): string | undefined {
  return texts.get(response);
}

class TextResponse extends Response {}

for (const name of ['body', 'bodyUsed'] as const) {
  Object.defineProperty(TextResponse.prototype, name, {
    get(this: Response) {
      return readableOf(this)[name];
    },
  });
}
for (const name of ['arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json', 'text']) {
  Object.defineProperty(TextResponse.prototype, name, {
    value(this: Response) {
      const copy = readableOf(this) as unknown as Readonly<Record<string, () => unknown>>;
      return copy[name]?.();
    },
  });
}

function readableOf(response: Response): Response {
  let copy = readable.get(response);
  if (copy === undefined) {
    copy = new Response(texts.get(response) ?? null, response);
    readable.set(response, copy);
  }
  return copy;
}
