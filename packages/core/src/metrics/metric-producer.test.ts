import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import type { MetricFamily } from './metric-family.ts';
import { createMetricProducer } from './metric-producer.ts';

const row = { unit: '1', help: 'What it is.', labels: ['model'] };

/** What the OpenTelemetry project's own exporter makes of our families. */
async function scrape(families: () => MetricFamily[], times = 1): Promise<string[]> {
  const producer = createMetricProducer({ scope: 'test', families, clock: manualClock(1_000) });
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
    metricProducers: [producer],
  });
  await using server = createServer((request, response) =>
    exporter.getMetricsRequestHandler(request, response),
  );
  server.listen(0, '127.0.0.1');
  const provider = new MeterProvider({ readers: [exporter] });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  let text = '';
  for (let i = 0; i < times; i += 1) text = await (await fetch(address)).text();
  server.closeAllConnections();
  await provider.shutdown();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('# UNIT'));
}

it('reaches a real PrometheusExporter: gauge, counter and histogram', async () => {
  const lines = await scrape(() => [
    {
      definition: { ...row, name: 'x_ratio', kind: 'gauge' },
      points: [{ labels: { model: 'm' }, value: 0.5 }],
    },
    { definition: { ...row, name: 'x_total', kind: 'counter' }, points: [{ labels: {}, value: 3 }] },
    {
      definition: { ...row, name: 'x_seconds', kind: 'histogram' },
      points: [{ labels: {}, boundaries: [0.1, 1], counts: [1, 2, 4], sum: 9 }],
    },
  ]);
  expect(lines).toEqual([
    '# HELP x_ratio What it is.',
    '# TYPE x_ratio gauge',
    'x_ratio{model="m"} 0.5',
    '# HELP x_total What it is.',
    '# TYPE x_total counter',
    'x_total 3',
    '# HELP x_seconds What it is.',
    '# TYPE x_seconds histogram',
    'x_seconds_count 7',
    'x_seconds_sum 9',
    'x_seconds_bucket{le="0.1"} 1',
    'x_seconds_bucket{le="1"} 3',
    'x_seconds_bucket{le="+Inf"} 7',
  ]);
});

it('forgets a series that is no longer listed, which instruments do not', async () => {
  let collects = 0;
  const lines = await scrape(() => {
    collects += 1;
    const points = collects === 1 ? [{ labels: { model: 'gone' }, value: 1 }] : [];
    return [{ definition: { ...row, name: 'x_ratio', kind: 'gauge' as const }, points }];
  }, 2);
  expect(lines.filter((line) => line.includes('gone'))).toEqual([]);
});

it('turns what a family throws into an error of the collect', async () => {
  const error = new Error('no reading');
  const producer = createMetricProducer({
    scope: 'test',
    families: () => {
      throw error;
    },
  });
  expect(await producer.collect()).toMatchObject({
    errors: [error],
    resourceMetrics: { scopeMetrics: [{ metrics: [] }] },
  });
});
