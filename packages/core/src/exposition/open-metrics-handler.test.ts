import { MeterProvider, MetricReader, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { expect, it, vi } from 'vitest';
import { createMetricProducer } from '../metrics/metric-producer.ts';
import type { MetricFamily } from '../metrics/metric-family.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { silentLogger } from '../vocabulary/logger.ts';
import { openMetricsHandler, type OpenMetricsHandlerOptions } from './open-metrics-handler.ts';

const gauge = (name: string, labels: Record<string, string>, value: number): MetricFamily => ({
  definition: { name, kind: 'gauge', unit: '1', help: 'Help.', labels: [] },
  points: [{ labels, value }],
});

const producing = (...families: MetricFamily[]): MetricProducer =>
  createMetricProducer({ scope: 'test', families: () => families });

async function scrape(
  producers: MetricProducer[],
  options?: OpenMetricsHandlerOptions,
  request: Request = new Request('http://localhost/metrics'),
) {
  const response = await openMetricsHandler(producers, options)(request);
  return { response, lines: (await response?.text())?.split('\n') ?? [] };
}

it.for([
  [undefined, 'text/plain; version=0.0.4; charset=utf-8', ''],
  ['application/openmetrics-text', 'application/openmetrics-text; version=1.0.0; charset=utf-8', '# EOF'],
] as const)('for accept %s answers %s', async ([accept, type, end]) => {
  const request = new Request('http://localhost/', { headers: accept === undefined ? {} : { accept } });
  const { response, lines } = await scrape([producing(gauge('x', {}, 1))], {}, request);
  expect(response?.headers.get('content-type')).toBe(type);
  expect(lines).toContain('x 1');
  expect(lines.at(-2)).toMatch(end);
});

it('knows one path when told so, and GET and HEAD only', async () => {
  const ask = (path: string, method = 'GET') =>
    openMetricsHandler([], { path: '/metrics' })(new Request(`http://localhost${path}`, { method }));
  expect(await ask('/other')).toBeUndefined();
  expect((await ask('/metrics?x=1'))?.status).toBe(200);
  expect((await ask('/metrics', 'POST'))?.status).toBe(405);
});

it('writes one header for a metric that two producers have', async () => {
  const { lines } = await scrape([
    producing(gauge('x', { model: 'a' }, 1)),
    producing(gauge('x', { model: 'b' }, 2)),
  ]);
  expect(lines.filter((line) => line.startsWith('# TYPE x '))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('x{'))).toEqual(['x{model="a"} 1', 'x{model="b"} 2']);
});

it.for<[string, MetricFamily, string]>([
  ['the same series twice', gauge('x', { a: '1' }, 2), 'duplicate-series'],
  [
    'one name for two kinds',
    {
      ...gauge('x', {}, 2),
      definition: { name: 'x', kind: 'counter', unit: '1', help: '', labels: [] },
    } as MetricFamily,
    'conflicting-kind',
  ],
])('leaves out %s and counts it, so that the scrape stays valid', async ([, second, reason]) => {
  const handler = openMetricsHandler([producing(gauge('x', { a: '1' }, 1)), producing(second)]);
  const ask = async () => (await (await handler(new Request('http://localhost/')))?.text()) ?? '';
  expect((await ask()).split('\n').filter((line) => /^x[{_ ]/.test(line))).toEqual(['x{a="1"} 1']);
  expect(await ask()).toContain(`tidewatch_exposition_refused_total{reason="${reason}"} 1`);
});

it.for<[string, MetricProducer]>([
  ['rejects', { collect: () => Promise.reject(new Error('down')) }],
  [
    'throws at once',
    {
      collect: () => {
        throw new Error('down');
      },
    },
  ],
  [
    'throws in its families',
    createMetricProducer({
      scope: 's',
      families: () => {
        throw new Error('down');
      },
    }),
  ],
  ['answers nonsense', { collect: () => Promise.resolve({} as never) }],
])('serves the others when a producer %s, and counts and logs it', async ([, broken]) => {
  const warn = vi.fn();
  const { lines } = await scrape([broken, producing(gauge('x', {}, 1))], {
    logger: { ...silentLogger, warn },
  });
  expect(lines).toContain('x 1');
  expect(lines).toContain('tidewatch_collect_errors_total 1');
  expect(warn).toHaveBeenCalledTimes(1);
});

it('leaves out what it cannot write and keeps the rest of the scrape', async () => {
  const point = (value: unknown, attributes: unknown = {}) => ({ attributes, value });
  const metric = (name: string, dataPointType: number, dataPoints: object[]) => ({
    dataPointType,
    dataPoints,
    descriptor: { name, description: '', unit: '' },
  });
  const metrics = [
    metric('big', 2, [point(1, { id: 1n })]), // no JSON for it
    metric('nothing', 2, [point(1, null)]),
    metric('hollow', 0, [point({ buckets: {} })]),
    metric('exponential', 1, [point({})]),
    metric('sound', 2, [point(7)]),
  ];
  const foreign = { collect: async () => ({ resourceMetrics: { scopeMetrics: [{ metrics }] }, errors: [] }) };
  const handler = openMetricsHandler([foreign as never, producing(gauge('x', {}, 1))]);
  const ask = async () => (await (await handler(new Request('http://localhost/')))?.text()) ?? '';
  const lines = (await ask()).split('\n').filter((line) => !line.startsWith('#'));
  expect(lines).toContain('sound 7');
  expect(lines).toContain('x 1');
  expect(lines.filter((line) => /^(big|nothing|hollow|exponential)/.test(line))).toEqual([]);
  expect(await ask()).toContain('tidewatch_exposition_refused_total{reason="unreadable"} 3');
});

it('writes two scrapes at a time without mixing them, and a long one over several turns', async () => {
  const points = Array.from({ length: 5_000 }, (_, i) => ({ labels: { i: `${i}` }, value: i }));
  const family: MetricFamily = {
    definition: { name: 'x', kind: 'gauge', unit: '1', help: '', labels: ['i'] },
    points,
  };
  let nowMs = 0; // a slow machine: every look at the clock is a millisecond later
  const clock = { ...manualClock(), now: () => nowMs, monotonic: () => nowMs++ };
  const handler = openMetricsHandler([producing(family)], { clock });
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const both = await Promise.all([1, 2].map(async () => handler(new Request('http://localhost/'))));
  isDone = true;
  const [one, two] = await Promise.all(both.map(async (response) => (await response?.text()) ?? ''));
  expect(one).toBe(two);
  expect(one?.split('\n').filter((line) => line.startsWith('x{'))).toEqual(
    points.map(({ labels, value }) => `x{i="${labels.i}"} ${value}`),
  );
  expect(turns).toBeGreaterThan(1);
});

it('does not wait for a producer that hangs', async () => {
  const clock = manualClock();
  const hanging: MetricProducer = { collect: () => new Promise(() => {}) };
  const pending = scrape([hanging, producing(gauge('x', {}, 1))], { clock, collectTimeoutMs: 1_000 });
  await clock.advance(1_000);
  const { lines } = await pending;
  expect(lines).toContain('x 1');
  expect(lines).toContain('tidewatch_collect_errors_total 1');
});

it('takes what the OpenTelemetry SDK makes, with names and labels that Prometheus does not know', async () => {
  class Reader extends MetricReader {
    protected override async onForceFlush(): Promise<void> {}
    protected override async onShutdown(): Promise<void> {}
  }
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('m');
  meter
    .createCounter('jobs.done')
    .add(2, { 'job.kind': 'a', job_kind: 'b', empty: '', '9': 'x', __name__: 'y', n: 3 });
  meter.createUpDownCounter('jobs.open').add(-4);
  meter
    .createHistogram('jobs.seconds', { advice: { explicitBucketBoundaries: [1] } })
    .record(2, { le: 'mine' });
  const { lines } = await scrape([reader]);
  expect(lines.filter((line) => line.startsWith('jobs'))).toEqual([
    'jobs_done_total{_9="x",exported___name__="y",job_kind="a;b",n="3"} 2',
    'jobs_open -4',
    'jobs_seconds_bucket{exported_le="mine",le="1"} 0',
    'jobs_seconds_bucket{exported_le="mine",le="+Inf"} 1',
    'jobs_seconds_sum{exported_le="mine"} 2',
    'jobs_seconds_count{exported_le="mine"} 1',
  ]);
});
