import {
  ConfigError,
  type InstantQuery,
  type Labels,
  type QueryOptions,
  type QueryRange,
  type RangeQuery,
  type Series,
  type Vector,
} from '@tidewatch/core';
import { readLabelSets, readMatrix, readTexts, readVector } from './read-answer.ts';
import { requestJson, type Endpoint } from './request-json.ts';
import { withRemarks, type WithRemarks } from './with-remarks.ts';

export interface PrometheusOptions {
  /** Address of the server, with a path prefix if it has one. A user and password in it are sent as a header. */
  readonly url: string;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A request that takes longer has failed. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * A Prometheus server, or anything that speaks its HTTP API. What it warns of beside an answer, such as a store behind
 * it that did not reply, is a member of the answer: then the answer may lack some series.
 */
export interface PrometheusClient {
  readonly query: (...of: Parameters<InstantQuery>) => Promise<WithRemarks<Vector>>;
  readonly queryRange: (...of: Parameters<RangeQuery>) => Promise<WithRemarks<readonly Series[]>>;
  /** Labels of the series that match one of the selectors within the times, both included. */
  series(
    selectors: readonly string[],
    range: Omit<QueryRange, 'stepMs'>,
    options?: QueryOptions,
  ): Promise<WithRemarks<readonly Labels[]>>;
  /** Names of all labels. */
  labels(options?: QueryOptions): Promise<WithRemarks<readonly string[]>>;
}

/**
 * The same two query shapes over a Prometheus server: the one option that leads from one process to a fleet.
 *
 * Rejects with {@link PromqlError}: `parse` and `execution` are the server's own words, `unavailable` means that it
 * could not be asked. No error holds the address or a header.
 *
 * @throws {@link ConfigError} for an address that is none.
 */
export function prometheus(options: PrometheusOptions): PrometheusClient {
  const endpoint = endpointOf(options);
  return {
    async query(expr, atMs, { signal } = {}) {
      const parameters = { query: expr, time: String(atMs / 1000) };
      return withRemarks(await requestJson(endpoint, 'query', parameters, signal), readVector);
    },
    async queryRange(expr, { startMs, endMs, stepMs }, { signal } = {}) {
      const [start, end, step] = [startMs, endMs, stepMs].map((ms) => String(ms / 1000)) as [
        string,
        string,
        string,
      ];
      const parameters = { query: expr, start, end, step };
      return withRemarks(await requestJson(endpoint, 'query_range', parameters, signal), readMatrix);
    },
    async series(selectors, { startMs, endMs }, { signal } = {}) {
      const parameters = { 'match[]': selectors, start: String(startMs / 1000), end: String(endMs / 1000) };
      return withRemarks(await requestJson(endpoint, 'series', parameters, signal), readLabelSets);
    },
    async labels({ signal } = {}) {
      return withRemarks(await requestJson(endpoint, 'labels', {}, signal), readTexts);
    },
  };
}

function endpointOf({
  url,
  headers = {},
  timeoutMs = 10_000,
  fetch = globalThis.fetch,
}: PrometheusOptions): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    const problem = 'expected an address such as http://localhost:9090';
    throw new ConfigError('prometheus', [{ code: 'out-of-range', path: 'url', problem }]);
  }
  if (!(timeoutMs > 0)) {
    const problem = `expected milliseconds above 0, got ${timeoutMs}`;
    throw new ConfigError('prometheus', [{ code: 'out-of-range', path: 'timeoutMs', problem }]);
  }
  const sent = new Headers(credentialsOf(parsed));
  // What was given by hand wins, in whatever case it was written.
  for (const [name, value] of new Headers(headers)) sent.set(name, value);
  const base = `${parsed.origin}${parsed.pathname.replace(/\/$/, '')}`;
  return { base, headers: Object.fromEntries(sent), timeoutMs, fetch };
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  } catch {
    const problem = 'its user or password holds a percent sign that begins no escape';
    const remedy = 'write the percent sign as %25';
    throw new ConfigError('prometheus', [{ code: 'out-of-range', path: 'url', problem, remedy }]);
  }
}
