import type { Outcome } from '../delivery/outcome.ts';

/** An answer of an HTTP service, its body cut at a safe length. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
  /** The service's own time, from the header `date`. */
  readonly dateMs?: number;
}

export interface PostOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** An answer longer than this is not read on: no service of ours answers at length. */
const MAX_BODY_BYTES = 65_536;
/** Longer waits than this are not believed. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** The connection was never made, so nothing can have arrived. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
]);
/** Two that do not agree on TLS, or a certificate that is not taken: nothing was said yet. */
const NO_TLS =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_(?:WRONG_VERSION|PACKET_LENGTH|UNSUPPORTED|TLSV1_|SSLV3_ALERT_HANDSHAKE))/;

/**
 * One POST. Gives the answer, or the outcome when there was none; redirects are not followed, because the
 * body and the secrets would go to another host.
 *
 * Rejects with the signal's reason when the caller gave up; errors of the transport never carry the address.
 */
export async function post(url: string | URL, options: PostOptions): Promise<Answer | Outcome> {
  const { fetch, body, timeoutMs, nowMs, signal } = options;
  try {
    const { address, headers } = withoutCredentials(url, options.headers);
    const response = await fetch(address, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await readCapped(response);
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), nowMs);
    const dateMs = Date.parse(response.headers.get('date') ?? '');
    return {
      status: response.status,
      body: text,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(Number.isNaN(dateMs) ? {} : { dateMs }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const code = transportCode(error);
    if (NEVER_CONNECTED.has(code) || NO_TLS.test(code))
      return { status: 'retryable', detail: `not reachable (${code})` };
    return { status: 'ambiguous', detail: `no answer (${code})` };
  }
}

/** Whether {@link post} got an answer at all. */
export function isAnswer(result: Answer | Outcome): result is Answer {
  return typeof result.status === 'number';
}

/** What an HTTP status means when the body says nothing better; `undefined` for 2xx. */
export function outcomeOfStatus({ status, retryAfterMs }: Answer, nowMs: number): Outcome | undefined {
  const detail = `HTTP ${status}`;
  if (status >= 200 && status < 300) return undefined;
  if (status === 429) return { status: 'throttled', detail, untilMs: nowMs + (retryAfterMs ?? 60_000) };
  if (status === 413) return { status: 'tooLarge', detail };
  if (status === 408 || status >= 500) {
    return { status: 'retryable', detail, ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) };
  }
  if (status === 400 || status === 422) return { status: 'rejectedContent', detail };
  return { status: 'misconfigured', hint: `${detail}: check the address and the credentials` };
}

/** fetch refuses an address with a user and a password; they are sent as basic authentication. */
function withoutCredentials(
  url: string | URL,
  headers: PostOptions['headers'],
): { address: URL; headers: PostOptions['headers'] } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === '' && password === '') return { address, headers };
  address.username = '';
  address.password = '';
  const login = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { address, headers: { authorization: `Basic ${login}`, ...headers } };
}

/** A percent sign that starts no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `Retry-After` as seconds or as a date, held within 1 s and 1 h: never a hot loop, never a day of silence. */
function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\s*-?\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 1000), MAX_RETRY_AFTER_MS);
}

/**
 * Whether a service answers at all: asks for the headers of its first page, so that nothing can be posted and no
 * token is shown.
 *
 * @returns The HTTP status, or the code of the transport's error.
 */
export async function probe(
  url: string | URL,
  { fetch, timeoutMs, signal }: Pick<PostOptions, 'fetch' | 'timeoutMs' | 'signal'>,
): Promise<number | string> {
  try {
    const response = await fetch(new URL(url).origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    signal.throwIfAborted();
    return transportCode(error);
  }
}

/** Only the code: the transport's own message may quote the address, which is a secret. */
function transportCode(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? (name === 'TimeoutError' ? 'timeout' : 'connection failed');
}
