import type { RangeQuery, Series } from '@tidewatch/core';
import { answerOf, endpointRequest, EndpointError, toSample } from './endpoint-query.ts';

/** Prometheus answers no more points of a series than this to one query. */
const MOST_POINTS = 11_000;

/**
 * Asks the range query API beside a Prometheus instant query API over HTTP, in pieces of 11,000 points.
 *
 * @param endpoint - Full address of the instant query API, such as `http://localhost:9090/api/v1/query`.
 * @throws {@link EndpointError} when it cannot be reached or does not answer as Prometheus does.
 */
export function endpointRangeQuery(
  endpoint: string,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): RangeQuery {
  const address = new URL(endpoint);
  address.pathname = address.pathname.replace(/query\/?$/, 'query_range');
  const ask = endpointRequest(address.href, fetch);
  return async (expr, { startMs, endMs, stepMs }, options) => {
    const found = new Map<string, { labels: Series['labels']; points: Series['points'][number][] }>();
    for (let from = startMs; from <= endMs; from += MOST_POINTS * stepMs) {
      const to = Math.min(endMs, from + (MOST_POINTS - 1) * stepMs);
      const parameters = {
        query: expr,
        start: String(from / 1000),
        end: String(to / 1000),
        step: String(stepMs / 1000),
      };
      const { body, status } = await ask(parameters, options?.signal);
      const { resultType, result } = answerOf(body, status);
      if (resultType !== 'matrix') {
        throw new EndpointError('not-prometheus', `the answer is a ${String(resultType)}, not a matrix`);
      }
      for (const { metric = {}, values = [] } of result as readonly {
        metric?: Record<string, string>;
        values?: readonly unknown[];
      }[]) {
        const key = JSON.stringify(
          Object.entries(metric).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        );
        const series = found.get(key) ?? { labels: metric, points: [] };
        found.set(key, series);
        for (const pair of values) {
          const { timeMs, value } = toSample(metric, pair);
          series.points.push({ timeMs, value });
        }
      }
    }
    return [...found.values()];
  };
}
