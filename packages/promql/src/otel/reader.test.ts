import { createMetricProducer, type HistogramFamily, type NumberFamily } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, vi } from 'vitest';
import { createEngine } from '../engine/engine.ts';
import type { SelectedSeries } from '../engine/sample-source.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { createStore } from '../store/store.ts';
import { prometheusName, pointLabels } from './prometheus-names.ts';
import { all } from '../../test/all.ts';
import { openTelemetryReader, type ReaderOptions } from './reader.ts';

async function setUp(
  options: ReaderOptions = {},
  views: ConstructorParameters<typeof MeterProvider>[0] = {},
) {
  const clock = manualClock(1_000_000);
  const store = await createStore({ clock });
  const reader = openTelemetryReader(store, { clock, intervalMs: 10_000, ...options });
  const provider = new MeterProvider({ readers: [reader], ...views });
  const { query } = createEngine({ store, clock });
  /** `name{labels} value` of every series that matches. */
  async function read(expr: string): Promise<string[]> {
    const lines = (await query(expr, clock.now())).map(
      ({ labels: { __name__: name = '', ...labels }, value }) => {
        const pairs = Object.entries(labels).map((pair) => pair.join('='));
        return `${name}{${pairs.join()}} ${value}`;
      },
    );
    return lines.sort();
  }
  return { clock, store, reader, provider, meter: provider.getMeter('test'), read };
}

describe('openTelemetryReader', () => {
  it('stores a histogram of more series than a call has arguments', async () => {
    const families: () => HistogramFamily[] = () => [
      {
        definition: { name: 'wide', kind: 'histogram', unit: 's', help: '', labels: ['x'] },
        points: Array.from({ length: 35_000 }, (_, x) => ({
          labels: { x: String(x) },
          boundaries: [1],
          counts: [1, 0],
          sum: 1,
        })),
      },
    ];
    const clock = manualClock(1_000_000);
    const metricProducers = [createMetricProducer({ scope: 'test', families, clock })];
    const { reader, read, provider } = await setUp({ metricProducers });
    await reader.collectNow();
    expect(await read('count({__name__=~"wide.*"})')).not.toEqual([]);
    await provider.shutdown();
  });

  it.for([
    // third at   stored                why
    [1_020_000, ['10', '20', '30'], 'time goes on'],
    [1_010_000, ['10', '20', '30'], 'twice in one millisecond'],
    [1_009_500, ['10', '20', '30'], 'a correction by NTP'],
    [1_005_000, ['10', '20'], 'growth of seconds squeezed into one would read as a burst'],
    [0, ['10', '20'], 'a past that was already measured'],
  ] as const)('a third collect with the clock at %i stores %j: %s', async ([thirdMs, expected]) => {
    const { meter, reader, provider, clock, store } = await setUp();
    const counter = meter.createCounter('seen_total');
    for (const atMs of [1_000_000, 1_010_000, thirdMs]) {
      clock.jumpTo(atMs);
      counter.add(10);
      await reader.collectNow();
    }
    const name: LabelMatcher = { name: '__name__', operator: '=', value: 'seen_total' };
    const selected = (): Promise<SelectedSeries[]> => all(store.select([name], 0, 1e15));
    expect((await selected()).flatMap(({ values }) => [...values].map(String))).toEqual(expected);
    await provider.shutdown();
    const ends = (await selected()).flatMap(({ stale = [] }) => [...stale]);
    expect(ends.at(-1)).toBe(1);
  });

  it('writes counters, gauges and histograms as a scrape would', async () => {
    const { meter, reader, read, provider } = await setUp({ labels: { job: 'demo' } });
    meter.createCounter('http.requests').add(3, { 'http.route': '/x', job: 'mine' });
    meter.createCounter('seen_total').add(1);
    meter.createUpDownCounter('in.flight').add(-2);
    meter.createGauge('temperature').record(21.5);
    const advice = { explicitBucketBoundaries: [0.005, 1, 1e6] };
    const latency = meter.createHistogram('latency', { advice });
    latency.record(0.001);
    latency.record(0.5);
    await reader.collectNow();
    expect(await read('{__name__=~".+",__name__!~"tidewatch_.+"}')).toEqual(
      [
        'http_requests_total{exported_job=mine,http_route=/x,job=demo} 3',
        'seen_total{job=demo} 1',
        'in_flight{job=demo} -2',
        'temperature{job=demo} 21.5',
        'latency_bucket{job=demo,le=0.005} 1',
        'latency_bucket{job=demo,le=1} 2',
        'latency_bucket{job=demo,le=1000000} 2',
        'latency_bucket{job=demo,le=+Inf} 2',
        'latency_count{job=demo} 2',
        'latency_sum{job=demo} 0.501',
      ].sort(),
    );
    await provider.shutdown();
  });

  it('collects every interval on its clock, and ends its series when shut down', async () => {
    const { meter, clock, read, provider } = await setUp();
    const gauge = meter.createGauge('g');
    gauge.record(1);
    expect(await read('g')).toEqual([]);
    await clock.advance(10_000);
    gauge.record(2);
    await clock.advance(10_000);
    expect(await read('g')).toEqual(['g{} 2']);
    expect(await read('count_over_time(g[1m])')).toEqual(['{} 2']);
    await clock.advance(1000);
    await provider.shutdown();
    expect(await read('g')).toEqual([]);
    await clock.advance(60_000); // nobody collects any more
    expect(await read('count_over_time(g[5m])')).toEqual(['{} 2']);
  });

  it('reads producers beside instruments, and a series that is no longer listed ends', async () => {
    const definition: NumberFamily['definition'] = {
      name: 'p',
      kind: 'gauge',
      unit: '1',
      help: 'A gauge.',
      labels: [],
    };
    let points = [{ labels: { x: '1' }, value: 5 }];
    const producer = createMetricProducer({ scope: 'test', families: () => [{ definition, points }] });
    const { reader, clock, read, provider } = await setUp({ metricProducers: [producer] });
    await reader.collectNow();
    expect(await read('p')).toEqual(['p{x=1} 5']);
    points = [];
    clock.jumpTo(clock.now() + 1000);
    await reader.collectNow();
    expect(await read('p')).toEqual([]);
    await provider.shutdown();
  });

  it('does not lose an exponential histogram in silence', async () => {
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const views = [
      { instrumentName: 'exp', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const },
    ];
    const { meter, reader, clock, read, provider } = await setUp({ logger }, { views });
    meter.createHistogram('exp').record(5);
    await reader.collectNow();
    clock.jumpTo(clock.now() + 1000);
    await reader.collectNow();
    expect(await read('tidewatch_store_reader_skipped_points_total{reason="exponential_histogram"}')).toEqual(
      [
        'tidewatch_store_reader_skipped_points_total{reason=exponential_histogram} 1', // of the first collect
      ],
    );
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      { metric: 'exp', reason: 'exponential_histogram' },
      expect.stringContaining('cannot be stored as series'),
    );
    await provider.shutdown();
  });

  it('goes on when a producer throws, and counts it', async () => {
    const producer = { collect: vi.fn<() => Promise<never>>().mockRejectedValueOnce(new Error('broken')) };
    const working = createMetricProducer({ scope: 'empty', families: () => [] });
    producer.collect.mockImplementation(() => working.collect() as Promise<never>);
    const { meter, reader, clock, read, provider } = await setUp({ metricProducers: [producer] });
    meter.createGauge('g').record(1);
    await reader.collectNow();
    expect(await read('g')).toEqual([]);
    clock.jumpTo(clock.now() + 1000);
    await reader.collectNow();
    expect(await read('g')).toEqual(['g{} 1']);
    expect(await read('tidewatch_store_reader_collect_errors_total')).toEqual([
      'tidewatch_store_reader_collect_errors_total{} 1',
    ]);
    await provider.shutdown();
  });
});

it.each([
  ['http.server.duration', false, 'http_server_duration'],
  ['a-b', true, 'a_b_total'],
  ['x_total', true, 'x_total'],
  ['2xx', false, '_2xx'],
])('the metric %s (counter: %s) is called %s', (name, isCounter, expected) => {
  expect(prometheusName(name, isCounter)).toBe(expected);
});

it('joins attributes that share a clean name, and writes what is no text as JSON', () => {
  expect(pointLabels('m', { 'a.b': 'x', a_b: 'y', n: 5, list: ['p', 'q'], none: undefined }, {})).toEqual({
    __name__: 'm',
    a_b: 'x;y',
    n: '5',
    list: '["p","q"]',
  });
});

it('refuses a store that is not awaited', () => {
  expect(() => openTelemetryReader(createStore() as never)).toThrow(
    'expected a store with a method append(); pass what createStore() answers',
  );
  expect(() => openTelemetryReader({ append: () => {} }, { intervalMs: 0 })).toThrow(
    'intervalMs: expected milliseconds of 1 or more, got 0',
  );
});
