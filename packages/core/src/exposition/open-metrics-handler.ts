import type { FetchHandler } from '../http/fetch-handler.ts';
import { expositionMetrics } from '../metrics/core-metrics.ts';
import type { MetricFamily } from '../metrics/metric-family.ts';
import { familiesOf, type MetricProducer } from '../metrics/metric-producer.ts';
import { systemClock, type Clock } from '../vocabulary/clock.ts';
import { guardedLogger, silentLogger, type Logger } from '../vocabulary/logger.ts';
import { pace, type Pace } from '../vocabulary/pace.ts';
import { foreignFamily, ownFamily, type ExpositionFamily } from './exposition-family.ts';
import { CONTENT_TYPES, writeExposition, type ExpositionRefusal } from './exposition-text.ts';
import { negotiateFormat } from './negotiate-format.ts';
import { TextBuffer } from './text-buffer.ts';

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
 * `tidewatch_collect_errors_total`; the others are served. A long scrape is written over several turns of the event
 * loop.
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
    unreadable: 0,
  };
  let collectErrors = 0;
  /** Of the last scrape; two scrapes at a time have one each. */
  let spare: TextBuffer | undefined;
  const ownFamilies = (): MetricFamily[] => [
    { definition: expositionMetrics.collectErrors, points: [{ labels: {}, value: collectErrors }] },
    {
      definition: expositionMetrics.refused,
      points: Object.entries(refusals).map(([reason, value]) => ({ labels: { reason }, value })),
    },
  ];

  function refuse(reason: ExpositionRefusal): void {
    refusals[reason] += 1;
  }

  /** Producers of ours are read one after the other, with a rest when it takes long: reading is all they do. */
  async function collectOwn(
    families: () => Iterable<MetricFamily>,
    turns: Pace,
  ): Promise<ExpositionFamily[]> {
    const collected: ExpositionFamily[] = [];
    try {
      if (turns.isDue()) await turns.rest();
      for (const family of families()) {
        collected.push(ownFamily(family));
        if (turns.isDue()) await turns.rest();
      }
      return collected;
    } catch (error) {
      collectFailed(error);
      return [];
    }
  }

  async function collectForeign(producer: MetricProducer): Promise<ExpositionFamily[]> {
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
        const family = foreignFamily(metric);
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

  /** In the order of the producers. */
  async function collectAll(turns: Pace): Promise<ExpositionFamily[]> {
    const foreign = producers.map((producer) =>
      familiesOf(producer) === undefined ? collectForeign(producer) : undefined,
    );
    const collected: ExpositionFamily[] = [];
    for (const [index, producer] of producers.entries()) {
      const families = familiesOf(producer);
      collected.push(...((await foreign[index]) ?? []));
      if (families !== undefined) collected.push(...(await collectOwn(families, turns)));
    }
    return collected;
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
    const turns = pace(clock);
    const format = negotiateFormat(request.headers.get('accept'));
    // Our own last, so that it tells of this very scrape; its own refusals show in the next one.
    const families = [...(await collectAll(turns)), ...ownFamilies().map(ownFamily)];
    const out = spare ?? new TextBuffer();
    spare = undefined;
    out.clear();
    for (const _ of writeExposition(out, families, format, refuse)) {
      if (turns.isDue()) await turns.rest();
    }
    // The response copies the bytes, so that their room serves the next scrape.
    const response = new Response(out.bytes(), {
      headers: { 'content-type': CONTENT_TYPES[format], vary: 'accept' },
    });
    spare = out;
    return response;
  };
}
