import type { InstantQuery, Sample } from '@tidewatch/core';
import type { WarnedVector } from './read-metrics.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Why an endpoint gave no answer. Its message never carries the address, which may hold a secret. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
  readonly code: 'unreachable' | 'http-status' | 'refused' | 'not-prometheus';

  constructor(code: EndpointError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Asks a Prometheus instant query API over HTTP.
 *
 * @param endpoint - Full address, such as `http://localhost:9090/api/v1/query`. A user and password in it
 * are sent as basic authentication.
 * @throws {@link EndpointError} when it cannot be reached or does not answer as Prometheus does.
 */
export function endpointQuery(
  endpoint: string,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): InstantQuery {
  const ask = endpointRequest(endpoint, fetch);
  return async (expr, atMs, options) => {
    const { body, status } = await ask({ query: expr, time: String(atMs / 1000) }, options?.signal);
    return toVector(body, status);
  };
}

/** One request to an endpoint: its parameters, in; the text and status of the answer, out. */
export type EndpointRequest = (
  parameters: Readonly<Record<string, string>>,
  signal?: AbortSignal,
) => Promise<{ readonly body: string; readonly status: number }>;

/** Asks an address over HTTP, with what stands in it as basic authentication. See {@link endpointQuery}. */
export function endpointRequest(endpoint: string, fetch: typeof globalThis.fetch): EndpointRequest {
  const address = new URL(endpoint);
  const headers = new Headers({ accept: 'application/json' });
  if (address.username !== '' || address.password !== '') {
    const credentials = `${decoded(address.username)}:${decoded(address.password)}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
    address.username = '';
    address.password = '';
  }
  return async (parameters, signal) => {
    const url = new URL(address);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    try {
      const response = await fetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
      return { body: await readText(response), status: response.status };
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof EndpointError) throw cause;
      throw new EndpointError('unreachable', `the endpoint cannot be reached (${transportCode(cause)})`);
    }
  };
}

/** A percent sign that starts no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new EndpointError('not-prometheus', `the answer is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The data of a successful answer, and its warnings. */
export function answerOf(
  body: string,
  status: number,
): {
  readonly resultType: unknown;
  readonly result: readonly unknown[];
  readonly warnings?: readonly string[];
} {
  const answer = parseJson(body);
  if (answer?.['status'] === 'error') {
    const text = typeof answer['error'] === 'string' ? answer['error'].slice(0, 200) : 'no text';
    throw new EndpointError('refused', `the endpoint refused the query: ${text}`);
  }
  if (status !== 200) throw new EndpointError('http-status', `the endpoint answered HTTP ${status}`);
  const data = answer?.['data'] as { resultType?: unknown; result?: unknown } | undefined;
  const result = data?.result;
  if (answer?.['status'] !== 'success' || !Array.isArray(result)) {
    throw new EndpointError('not-prometheus', 'the answer is not that of a Prometheus query API');
  }
  const { warnings } = answer;
  const warned = Array.isArray(warnings) && warnings.length > 0 ? { warnings: warnings.map(String) } : {};
  return { resultType: data?.resultType, result, ...warned };
}

function toVector(body: string, status: number): WarnedVector {
  const { resultType, result, warnings } = answerOf(body, status);
  const warned = warnings === undefined ? {} : { warnings };
  if (resultType === 'scalar') return Object.assign([toSample({}, result)], warned);
  if (resultType !== 'vector') {
    throw new EndpointError('not-prometheus', `the answer is a ${String(resultType)}, not a vector`);
  }
  const samples = (result as readonly { metric?: Record<string, string>; value?: unknown }[]).map((series) =>
    toSample(series.metric ?? {}, series.value),
  );
  return Object.assign(samples, warned);
}

/** `[1700000000.123, "42"]`; the value is text so that NaN and +Inf survive JSON. */
export function toSample(labels: Record<string, string>, pair: unknown): Sample {
  const [seconds, text] = Array.isArray(pair) ? (pair as [unknown, unknown]) : [undefined, undefined];
  const value = typeof text === 'string' ? toNumber(text) : undefined;
  if (typeof seconds !== 'number' || value === undefined) {
    throw new EndpointError('not-prometheus', 'a series of the answer has no value');
  }
  return { labels, timeMs: seconds * 1000, value };
}

/** JavaScript takes an empty text for 0, which would scale the service down. */
function toNumber(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  const value = Number(text.replace(/Inf$/, 'Infinity'));
  return text.trim() === '' || Number.isNaN(value) ? undefined : value;
}

function parseJson(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** `ECONNREFUSED`, and never the message, which repeats the address. */
function transportCode(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const code = (inner as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'network error';
}
