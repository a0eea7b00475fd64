import { PromqlError, type PromqlErrorCode } from '../errors.ts';

/** Where and how to ask. */
export interface Endpoint {
  /** Without a slash at the end, without credentials. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

const CODES: Readonly<Record<string, PromqlErrorCode>> = {
  bad_data: 'parse',
  execution: 'execution',
  timeout: 'timeout',
  canceled: 'canceled',
};

/** What a server answers, with what it says beside it. */
export interface ServerAnswer {
  readonly data: unknown;
  readonly warnings?: unknown;
  readonly infos?: unknown;
}

/**
 * Posts a form to `/api/v1/<path>`.
 *
 * @throws {@link PromqlError}, or the reason of the caller's signal.
 */
export async function requestJson(
  { base, headers, timeoutMs, fetch }: Endpoint,
  path: string,
  parameters: Readonly<Record<string, string | readonly string[]>>,
  signal?: AbortSignal,
): Promise<ServerAnswer> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  let status: number;
  let answer: unknown;
  try {
    const response = await fetch(`${base}/api/v1/${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    ({ status } = response);
    answer = parseJson(await response.text());
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) {
      throw new PromqlError('timeout', `prometheus: no answer within ${timeoutMs} ms`);
    }
    throw new PromqlError('unavailable', `prometheus: unreachable${transportCode(error)}`);
  }
  const {
    status: outcome,
    data,
    warnings,
    infos,
    errorType,
    error,
  } = (answer ?? {}) as Record<string, unknown>;
  if (outcome === 'success') return { data, warnings, infos };
  if (outcome === 'error' && typeof errorType === 'string') {
    const code = Object.hasOwn(CODES, errorType) ? CODES[errorType] : undefined;
    throw new PromqlError(code ?? 'unavailable', `prometheus: ${errorType}: ${String(error)}`);
  }
  throw new PromqlError('unavailable', `prometheus: HTTP ${status} without an answer of the Prometheus API`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Such as ` (ECONNREFUSED)`. Only the code: messages and causes hold addresses. */
function transportCode(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? ` (${cause.code})` : '';
}
