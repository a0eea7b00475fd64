import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { manualClock } from '@tidewatch/core/testing';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createApi,
  createEngine,
  createStore,
  openTelemetryReader,
  prometheus,
  toNodeHandler,
  type Engine,
  type PrometheusClient,
} from '../src/index.ts';

// A whole service: instruments → reader → store → engine → HTTP → client, over a real socket.
const clock = manualClock(1_700_000_000_000);
let server: Server;
let provider: MeterProvider;
let engine: Engine;
let client: PrometheusClient;

beforeEach(async () => {
  const store = await createStore({ clock });
  const reader = openTelemetryReader(store, { clock, labels: { job: 'demo' } });
  provider = new MeterProvider({ readers: [reader] });
  const requests = provider.getMeter('shop').createCounter('requests');
  const latency = provider
    .getMeter('shop')
    .createHistogram('latency_seconds', { advice: { explicitBucketBoundaries: [0.1, 1] } });
  for (let collect = 0; collect < 20; collect++) {
    requests.add(30, { code: '200' });
    requests.add(collect, { code: '500' });
    latency.record(0.05);
    latency.record(0.5);
    await clock.advance(15_000);
  }
  engine = createEngine({ store, clock });
  server = createServer(toNodeHandler(createApi({ engine, store, clock })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = prometheus({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

afterEach(async () => {
  await provider.shutdown();
  server.closeAllConnections();
  server.close();
});

it.each([
  'requests_total',
  'sum(rate(requests_total[1m])) by (code)',
  'rate(requests_total{code="500"}[2m]) / on(job) group_left() sum by (job) (rate(requests_total[2m]))',
  'histogram_quantile(0.99, rate(latency_seconds_bucket[1m]))',
  'topk(1, requests_total)',
  'nothing',
  '1 + 1',
])('%s is answered alike in process and over HTTP', async (expr) => {
  const atMs = clock.now();
  expect(await client.query(expr, atMs)).toEqual(await engine.query(expr, atMs));
  const range = { startMs: atMs - 120_000, endMs: atMs, stepMs: 30_000 };
  expect(await client.queryRange(expr, range)).toEqual(await engine.queryRange(expr, range));
});

it('measures what happened', async () => {
  const [rate] = await client.query('sum(rate(requests_total{code="200"}[1m]))', clock.now());
  expect(rate?.value).toBeCloseTo(2, 9); // 30 every 15 s
  const [p75] = await client.query('histogram_quantile(0.75, rate(latency_seconds_bucket[1m]))', clock.now());
  expect(p75?.value).toBeCloseTo(0.55, 9); // half below 0.1, half up to 1
});

it('brings errors over with their code', async () => {
  await expect(client.query('sum(', 0)).rejects.toMatchObject({
    code: 'parse',
    message: 'prometheus: bad_data: invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
  });
  await expect(client.query('histogram_avg(requests_total)', 0)).rejects.toMatchObject({ code: 'execution' });
});

it('lists series and labels', async () => {
  const range = { startMs: 0, endMs: clock.now() };
  expect(await client.series(['requests_total{code="500"}'], range)).toEqual([
    { __name__: 'requests_total', code: '500', job: 'demo' },
  ]);
  expect(await client.labels()).toEqual(expect.arrayContaining(['__name__', 'code', 'job', 'le']));
});
