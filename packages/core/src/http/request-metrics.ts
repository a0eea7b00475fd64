import { httpDuration, httpMetrics, selfMetrics } from '../metrics/core-metrics.ts';
import { FixedHistogram } from '../metrics/fixed-histogram.ts';
import type { MetricFamily } from '../metrics/metric-family.ts';
import { createMetricProducer, type MetricProducer } from '../metrics/metric-producer.ts';
import { ConfigError } from '../vocabulary/config-error.ts';
import { systemClock } from '../vocabulary/clock.ts';
import type { Labels } from '../vocabulary/sample.ts';
import { observeRequests, type RequestObserver, type RouteOptions } from './observe-requests.ts';
import type { RequestObservation } from './request-observation.ts';

export interface RequestMetricsOptions extends RouteOptions {
  /** Combinations of method, route and code that are told apart; more are counted as `_OTHER`. @defaultValue 500 */
  readonly maxSeries?: number;
}

/** A middleware that counts and times requests: put it before all others. */
export interface RequestMetrics extends RequestObserver {
  readonly metricProducer: MetricProducer;
  /** Counts a request that another process answered. */
  readonly observe: (observation: RequestObservation) => void;
}

/** A key and a route of 256 characters each, two bytes a character; a histogram; a place in a table. */
const SERIES_BYTES = 2_500;

const OTHER: Omit<RequestObservation, 'durationSeconds'> = {
  method: '_OTHER',
  route: '_OTHER',
  code: '_OTHER',
};

/**
 * Counts and times the HTTP requests of a service, by method, route template and status code.
 *
 * The result is a middleware for Express and node:http; its properties `fastify`, `koa` and `hono` are for those.
 *
 * @throws {@link ConfigError} when `maxSeries` is not an integer above 0.
 */
export function requestMetrics(options: RequestMetricsOptions = {}): RequestMetrics {
  const { maxSeries = 500, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxSeries) || maxSeries < 1) {
    const problem = `expected an integer above 0, got ${maxSeries}`;
    throw new ConfigError('requestMetrics', [{ code: 'out-of-range', path: 'maxSeries', problem }]);
  }
  const series = new Map<string, { readonly labels: Labels; readonly durations: FixedHistogram }>();
  let refused = 0;

  function seriesOf({ method, route, code }: typeof OTHER): FixedHistogram {
    const key = JSON.stringify([method, route, code]);
    const known = series.get(key);
    if (known !== undefined) return known.durations;
    if (series.size >= maxSeries && route !== OTHER.route) {
      refused += 1;
      return seriesOf(OTHER);
    }
    const durations = new FixedHistogram();
    series.set(key, { labels: { method, route, code }, durations });
    return durations;
  }

  function families(): MetricFamily[] {
    const all = [...series.values()];
    return [
      {
        definition: httpMetrics.requests,
        points: all.map(({ labels, durations }) => ({ labels, value: durations.count })),
      },
      { definition: httpDuration, points: all.map(({ labels, durations }) => durations.point(labels)) },
      { definition: httpMetrics.seriesRefused, points: [{ labels: {}, value: refused }] },
      {
        definition: selfMetrics.memoryCap,
        points: [{ labels: { part: 'http' }, value: maxSeries * SERIES_BYTES }],
      },
    ];
  }

  const observe = (observation: RequestObservation): void => {
    seriesOf(observation).observe(observation.durationSeconds);
  };
  return Object.assign(observeRequests(observe, options), {
    metricProducer: createMetricProducer({ scope: '@tidewatch/core/http', families, clock }),
    observe,
  });
}
