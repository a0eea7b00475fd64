// The embedded store and engine, beside a real Prometheus server that holds the same blocks.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createApi,
  createEngine,
  createStore,
  parse,
  toNodeHandler,
  type StoreSample,
} from '@tidewatch/promql';
import { compare, longestTurn } from './support/measure.ts';
import { startPrometheus } from './support/prometheus-peer.ts';
import { report, type Row } from './support/report.ts';
import { seeded } from './support/seeded.ts';

const SERIES = 1_000;
const STEP_MS = 15_000;
const HOUR_MS = 3_600_000;
// An hour in the past, on a block's boundary of 2 h, so that Prometheus does not compact while it is asked.
const startMs = Math.floor(Date.now() / (2 * HOUR_MS) - 2) * 2 * HOUR_MS;
const endMs = startMs + HOUR_MS;

const random = seeded(3);
const labels = Array.from({ length: SERIES }, (_, index) => ({
  __name__: 'http_requests_total',
  code: index % 10 === 0 ? '500' : '200',
  instance: `host-${Math.floor(index / 10)}`,
  route: `/${index % 10}`,
}));
const values = new Float64Array(SERIES);

const store = await createStore();
const perSeries: string[][] = labels.map(() => []);
for (let timeMs = startMs; timeMs <= endMs; timeMs += STEP_MS) {
  const samples: StoreSample[] = labels.map((of, index) => {
    values[index]! += Math.floor(random() * 100);
    const { code, instance, route } = of;
    perSeries[index]!.push(
      `http_requests_total{code="${code}",instance="${instance}",route="${route}"} ${values[index]} ${timeMs / 1000}`,
    );
    return { labels: of, value: values[index]! };
  });
  store.append(timeMs, samples);
}
const exposition = ['# TYPE http_requests counter', ...perSeries.flat(), '# EOF', ''];

const engine = createEngine({ store });
const api = createServer(toNodeHandler(createApi({ engine, store })));
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
const here = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
await using prometheus = await startPrometheus(exposition.join('\n'));

const RATE = 'sum by (code) (rate(http_requests_total[5m]))';
const instant = `/api/v1/query?query=${encodeURIComponent(RATE)}&time=${endMs / 1000}`;
const range = `/api/v1/query_range?query=${encodeURIComponent(RATE)}&start=${startMs / 1000}&end=${endMs / 1000}&step=15`;

async function ask(url: string): Promise<unknown> {
  const { status, data } = (await (await fetch(url)).json()) as { status: string; data: unknown };
  assert.equal(status, 'success');
  return data;
}

async function overHttp(what: string, path: string): Promise<Row> {
  if (prometheus === undefined) {
    const [alone = Number.NaN] = await compare([{ run: () => ask(here + path) }]);
    return { what, unit: 'ms', here: alone };
  }
  requireNear(await ask(here + path), await ask(prometheus.url + path));
  const [ours = Number.NaN, theirs = Number.NaN] = await compare([
    { run: () => ask(here + path) },
    { run: () => ask(prometheus.url + path) },
  ]);
  return { what, unit: 'ms', here: ours, peer: { name: 'Prometheus', value: theirs } };
}

/** Equal but for the last digits of a float. */
function requireNear(ours: unknown, theirs: unknown): void {
  const rounded = (data: unknown): string =>
    JSON.stringify(data, (_, value) =>
      typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value).toPrecision(12) : value,
    );
  const sorted = (data: unknown): unknown[] =>
    (JSON.parse(rounded(data)) as { result: { metric: object }[] }).result.toSorted((a, b) =>
      JSON.stringify(a.metric).localeCompare(JSON.stringify(b.metric)),
    );
  assert.ok(sorted(ours).length > 0);
  assert.deepEqual(sorted(ours), sorted(theirs));
}

const LONG =
  'histogram_quantile(0.99, sum by (le, route) (rate(http_server_request_duration_seconds_bucket{code!~"5.."}[5m]))) > 0.5 and on (route) sum by (route) (rate(http_requests_total[5m])) > 1';

async function alone(what: string, run: () => unknown): Promise<Row> {
  const [ms = Number.NaN] = await compare([{ run }]);
  return { what, unit: 'ms', here: ms };
}

const collect = Array.from({ length: 5_000 }, (_, index) => ({
  labels: { __name__: 'gauge', instance: `host-${index}`, job: 'bench' },
  value: random(),
}));
const appended = await createStore();
let appendMs = 0;

report({
  name: 'promql',
  title: 'promql: store and engine',
  rows: [
    await alone(`parse an expression of ${LONG.length} characters`, () => parse(LONG)),
    await alone('append one collect of 5,000 known series', () =>
      appended.append((appendMs += STEP_MS), collect),
    ),
    await alone('sum(rate([5m])) of 1,000 series at one time, in process', () => engine.query(RATE, endMs)),
    await overHttp('the same over HTTP', instant),
    await overHttp('over an hour in steps of 15 s, over HTTP', range),
    {
      what: 'longest turn of the event loop during that hour',
      unit: 'ms',
      here: await longestTurn(() => engine.queryRange(RATE, { startMs, endMs, stepMs: STEP_MS })),
    },
  ],
  notes: [
    'Store: 1,000 counters, one sample every 15 s for one hour.',
    prometheus === undefined
      ? 'No peer in this run: `prometheus` and `promtool` are not on the PATH.'
      : `Peer: ${prometheus.version} over loopback, the same samples loaded as blocks, the same client; answers were equal to 12 digits before they were timed.`,
  ],
});
api.closeAllConnections();
api.close();
await Promise.all([store.close(), appended.close()]);
