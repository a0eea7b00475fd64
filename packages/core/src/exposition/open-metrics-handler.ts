import type { FetchHandler } from '../http/fetch-handler.ts';
import { expositionMetrics } from '../metrics/core-metrics.ts';
import { createMetricProducer, type MetricProducer } from '../metrics/metric-producer.ts';
import { systemClock, type Clock } from '../vocabulary/clock.ts';
import { guardedLogger, silentLogger, type Logger } from '../vocabulary/logger.ts';
import {
  expositionFamily,
  mergeFamilies,
  type ExpositionFamily,
  type ExpositionRefusal,
} from './exposition-family.ts';
import { CONTENT_TYPES, expositionText } from './exposition-text.ts';
import { negotiateFormat } from './negotiate-format.ts';

export interface OpenMetricsHandlerOptions {
  /** Answer this path only, such as `/metrics`, and leave all others to the next handler. @defaultValue every path */
  readonly path?: string;
  /** A producer that takes longer is left out of the scrape. @defaultValue 5_000 */
  readonly collectTimeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/**
 * Serves metrics to a scraper: Prometheus text 0.0.4, or OpenMetrics 1.0 when it is asked for.
 *
 * Takes any OpenTelemetry MetricProducer. One that fails or hangs is counted in
 * `tidewatch_collect_errors_total`; the others are served.
 */
export function openMetricsHandler(
  producers: readonly MetricProducer[],
  options: OpenMetricsHandlerOptions = {},
): FetchHandler {
  const { path, collectTimeoutMs = 5_000, clock = systemClock } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  const refusals: Record<ExpositionRefusal, number> = {
    'unsupported-kind': 0,
    'conflicting-kind': 0,
    'duplicate-series': 0,
  };
  let collectErrors = 0;
  const own = createMetricProducer({
    scope: '@tidewatch/core/exposition',
    clock,
    families: () => [
      { definition: expositionMetrics.collectErrors, points: [{ labels: {}, value: collectErrors }] },
      {
        definition: expositionMetrics.refused,
        points: Object.entries(refusals).map(([reason, value]) => ({ labels: { reason }, value })),
      },
    ],
  });

  function refuse(reason: ExpositionRefusal): void {
    refusals[reason] += 1;
  }

  async function collect(producer: MetricProducer): Promise<ExpositionFamily[]> {
    const settled = new AbortController();
    try {
      // First: when it throws at once, no sleeper must be left behind to reject unheard.
      const collected = producer.collect();
      const late = clock.sleep(collectTimeoutMs, settled.signal).then(() => {
        throw new Error(`no answer within ${collectTimeoutMs} ms`);
      });
      const { resourceMetrics, errors } = await Promise.race([collected, late]);
      for (const error of errors) collectFailed(error);
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      return metrics.flatMap((metric) => {
        const family = expositionFamily(metric);
        if (family !== 'unsupported-kind') return [family];
        refuse(family);
        return [];
      });
    } catch (error) {
      collectFailed(error);
      return [];
    } finally {
      settled.abort();
    }
  }

  function collectFailed(error: unknown): void {
    collectErrors += 1;
    logger.warn({ error }, 'a metric producer failed; the others are served');
  }

  return async (request) => {
    if (path !== undefined && new URL(request.url).pathname !== path) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response('GET only\n', { status: 405, headers: { allow: 'GET, HEAD' } });
    }
    const collected = await Promise.all(producers.map(collect));
    // Last, so that it tells of this very scrape; its own refusals show in the next one.
    const families = [...collected.flat(), ...(await collect(own))];
    const format = negotiateFormat(request.headers.get('accept'));
    const body = expositionText(mergeFamilies(families, refuse), format);
    return new Response(body, { headers: { 'content-type': CONTENT_TYPES[format], vary: 'accept' } });
  };
}
