import { context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import {
  createClassifierMonitor,
  openMetricsHandler,
  requestMetrics,
  toNodeHandler,
  type MetricProducer,
} from '@tidewatch/core';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  startPrometheusServer,
  whyNoReference,
  type PrometheusServer,
} from '../../packages/promql/test/fuzz/prometheus-server.ts';
import { promtool } from './support/promtool.ts';

const reason = whyNoReference();

/** Every kind of metric and every character that needs care. */
function service(): MetricProducer[] {
  const monitor = createClassifierMonitor({
    model: 'pets "of" \\ all\nkinds é 猫',
    classes: ['cat', 'dog', '__proto__', 'a"b\\c\nd', ' spaces '],
    minSamples: 1,
    baselineAccuracy: 1 / 3,
  });
  const requests = requestMetrics();
  requests.observe({ method: 'GET', route: '/pets/:pet', code: '200', durationSeconds: 0.25 });
  requests.observe({ method: 'GET', route: '/^\\/v\\d+$/', code: '404', durationSeconds: 1e-7 });
  for (let i = 0; i < 40; i += 1) {
    const predicted = i % 3 === 0 ? 'a"b\\c\nd' : 'cat';
    monitor.record({ predicted, actual: 'cat', confidence: i / 40, durationSeconds: i / 10, id: `${i}` });
  }
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const span = trace.wrapSpanContext({ traceId, spanId: '00f067aa0ba902b7', traceFlags: TraceFlags.SAMPLED });
  const active = trace.setSpan(ROOT_CONTEXT, span);
  context.setGlobalContextManager({
    active: () => active,
    with: (_, run, self, ...input) => run.call(self as never, ...input),
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
  monitor.record({ predicted: 'dog', actual: 'cat', confidence: 0.97 });
  context.disable();
  return [monitor.metricProducer, requests.metricProducer];
}

/** The samples of a text by name and labels, as Prometheus stores them: whole bounds are `1.0` to it. */
function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, set = '', value] = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? (\S+)(?: # .*)?$/.exec(line) ?? [];
    if (name === undefined) continue;
    const pairs = [...set.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', quoted = '']) => {
      const plain = quoted.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
      return [label, label === 'le' && plain !== '+Inf' ? String(Number(plain)) : plain] as const;
    });
    samples.set(keyOf(name, pairs), Number(value?.replace('Inf', 'Infinity')));
  }
  return samples;
}

function keyOf(name: string, labels: Iterable<readonly [string, string]>): string {
  return JSON.stringify([name, ...[...labels].toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Everything that the server stored of the last scrape. */
async function stored(server: PrometheusServer): Promise<Map<string, number>> {
  const { result } = await server.ask('query', { query: '{job="core",__name__!~"up|scrape_.*"}' });
  const found = result as unknown as readonly { metric: Record<string, string>; value: [number, string] }[];
  return new Map(
    found.map(({ metric: { __name__: name = '', ...labels }, value }) => {
      const own = Object.entries(labels).filter(([label]) => label !== 'job' && label !== 'instance');
      const pairs = own.map(
        ([label, text]) => [label, label === 'le' && text !== '+Inf' ? String(Number(text)) : text] as const,
      );
      return [keyOf(name, pairs), Number(value[1].replace('Inf', 'Infinity'))];
    }),
  );
}

async function eventually<Value>(
  look: () => Promise<Value>,
  isThere: (value: Value) => boolean,
): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    const value = await look();
    if (isThere(value) || attempt === 100) return value;
    await sleep(100);
  }
}

describe.skipIf(reason !== undefined)(
  `a real Prometheus${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    it.for([
      ['PrometheusText0.0.4', 'text/plain; version=0.0.4; charset=utf-8', false],
      ['OpenMetricsText1.0.0', 'application/openmetrics-text; version=1.0.0; charset=utf-8', true],
    ] as const)('stores exactly what is exposed as %s', async ([protocol, contentType, hasExemplars]) => {
      const handler = openMetricsHandler(service());
      const answered: string[] = [];
      await using target = createServer(
        toNodeHandler(async (request) => {
          const response = await handler(request);
          answered.push(response?.headers.get('content-type') ?? '');
          return response;
        }),
      ).listen(0, '127.0.0.1');
      await once(target, 'listening');
      const address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
      const startSeconds = Date.now() / 1000;
      await using server = await startPrometheusServer({
        config: {
          global: { scrape_interval: '1s', scrape_protocols: [protocol] },
          scrape_configs: [{ job_name: 'core', static_configs: [{ targets: [address] }] }],
        },
        flags: ['--enable-feature=exemplar-storage'],
      });

      const accept = { accept: contentType };
      const own = await handler(new Request('http://host/', { headers: accept }));
      const exposed = samplesOf((await own?.text()) ?? '');
      expect(exposed.size).toBeGreaterThan(100);
      const found = await eventually(
        async () => stored(server),
        ({ size }) => size >= exposed.size,
      );
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(exposed));
      expect(new Set(answered)).toEqual(new Set([contentType]));

      const url = `${server.url}/api/v1/query_exemplars?query=classification_confusion_total&start=${startSeconds - 60}&end=${startSeconds + 120}`;
      const ask = async () =>
        ((await (await fetch(url)).json()) as { data: { seriesLabels: object; exemplars: object[] }[] }).data;
      const exemplars = hasExemplars ? await eventually(ask, ({ length }) => length > 0) : await ask();
      expect(exemplars).toEqual(
        hasExemplars
          ? [
              {
                seriesLabels: expect.objectContaining({ actual: 'cat', predicted: 'dog' }),
                exemplars: [
                  expect.objectContaining({
                    labels: { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' },
                    value: '0.97',
                  }),
                ],
              },
            ]
          : [],
      );
      target.closeAllConnections();
    });

    it('finds no fault by promtool', async () => {
      const response = await openMetricsHandler(service())(new Request('http://host/'));
      expect(await promtool(['check', 'metrics'], (await response?.text()) ?? '')).toBe('');
    });
  },
);
