import {
  ConfigError,
  type InstantQuery,
  type Labels,
  type QueryOptions,
  type QueryRange,
  type RangeQuery,
  type Sample,
  type Series,
} from '@tidewatch/core';
import { PromqlError } from '../errors.ts';
import { requestJson, type Endpoint } from './request-json.ts';

export interface PrometheusOptions {
  /** Address of the server, with a path prefix if it has one. A user and password in it are sent as a header. */
  readonly url: string;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
}

/** A Prometheus server, or anything that speaks its HTTP API. */
export interface PrometheusClient {
  readonly query: InstantQuery;
  readonly queryRange: RangeQuery;
  /** Labels of the series that match one of the selectors within the times, both included. */
  series(
    selectors: readonly string[],
    range: Omit<QueryRange, 'stepMs'>,
    options?: QueryOptions,
  ): Promise<readonly Labels[]>;
  /** Names of all labels. */
  labels(options?: QueryOptions): Promise<readonly string[]>;
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
      const data = await requestJson(endpoint, 'query', { query: expr, time: String(atMs / 1000) }, signal);
      return toVector(data);
    },
    async queryRange(expr, { startMs, endMs, stepMs }, { signal } = {}) {
      const [start, end, step] = [startMs, endMs, stepMs].map((ms) => String(ms / 1000)) as [
        string,
        string,
        string,
      ];
      return toSeries(await requestJson(endpoint, 'query_range', { query: expr, start, end, step }, signal));
    },
    async series(selectors, { startMs, endMs }, { signal } = {}) {
      const parameters = { 'match[]': selectors, start: String(startMs / 1000), end: String(endMs / 1000) };
      return (await requestJson(endpoint, 'series', parameters, signal)) as readonly Labels[];
    },
    async labels({ signal } = {}) {
      return (await requestJson(endpoint, 'labels', {}, signal)) as readonly string[];
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
  const { username, password } = parsed;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const base = `${parsed.origin}${parsed.pathname.replace(/\/$/, '')}`;
  return { base, headers: username === '' ? headers : { authorization, ...headers }, timeoutMs, fetch };
}

type Point = readonly [seconds: number, value: string];

interface Answer {
  readonly resultType: string;
  readonly result: unknown;
}

function toVector(data: unknown): readonly Sample[] {
  const { resultType, result } = data as Answer;
  if (resultType === 'scalar') return [toSample({}, result as Point)];
  if (resultType !== 'vector') throw unexpected('an instant vector or a scalar', resultType);
  return (result as { metric: Labels; value?: Point; histogram?: unknown }[]).map(({ metric, value }) => {
    if (value === undefined) throw unexpected('numbers', 'native histograms');
    return toSample(metric, value);
  });
}

function toSeries(data: unknown): readonly Series[] {
  const { resultType, result } = data as Answer;
  if (resultType !== 'matrix') throw unexpected('a matrix', resultType);
  return (result as { metric: Labels; values?: Point[] }[]).map(({ metric, values }) => {
    if (values === undefined) throw unexpected('numbers', 'native histograms');
    return { labels: metric, points: values.map((point) => toPoint(point)) };
  });
}

function toSample(labels: Labels, point: Point): Sample {
  return { labels, ...toPoint(point) };
}

function toPoint([seconds, value]: Point): { timeMs: number; value: number } {
  const words: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity, NaN: Number.NaN };
  return { timeMs: Math.round(seconds * 1000), value: words[value] ?? Number(value) };
}

function unexpected(expected: string, got: string): PromqlError {
  return new PromqlError('execution', `prometheus: expected ${expected}, got ${got}`);
}
