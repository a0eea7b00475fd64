import { expect, it } from 'vitest';
import { manualClock } from '@tidewatch/core/testing';
import { createApi, createEngine, createStore, toNodeHandler } from '../src/index.ts';
import { listening } from './listening.ts';

// What Grafana's Prometheus data source asks, in its order and its spelling: its back end sends queries as forms, and
// what only reads metadata as GET; a POST that is answered with 400 or 405 is sent once more as GET.
// https://github.com/grafana/grafana/tree/main/pkg/promlib and packages/grafana-prometheus

const END_MS = 1_700_000_400_000;
const END = END_MS / 1000;
const LIMIT = '40000';
const WITHIN = { start: String(END - 3600), end: String(END) };

type Step = readonly [
  does: string,
  method: 'GET' | 'POST',
  path: string,
  parameters: Readonly<Record<string, string>>,
  data: unknown,
];

const metric = { __name__: 'shop_requests_total', code: '200', 'my.label': 'x' };

const session: readonly Step[] = [
  [
    'Save & test: a query',
    'POST',
    'query',
    { query: '1+1', time: '4' },
    { resultType: 'scalar', result: [4, '2'] },
  ],
  [
    'Save & test: whose API is it (a member features would mean Mimir)',
    'GET',
    'status/buildinfo',
    {},
    { version: '3.5.0', revision: 'tidewatch', branch: '', buildUser: '', buildDate: '', goVersion: '' },
  ],
  [
    'the query builder: metrics',
    'GET',
    'label/__name__/values',
    { limit: LIMIT, ...WITHIN },
    ['shop_requests_total', 'shop_temperature'],
  ],
  ['labels of all', 'POST', 'labels', { limit: LIMIT, ...WITHIN }, ['__name__', 'code', 'my.label']],
  [
    'what the metrics mean',
    'GET',
    'metadata',
    { limit: LIMIT },
    { shop_requests_total: [{ type: 'counter', help: 'Requests.', unit: '' }] },
  ],
  [
    'labels of one metric',
    'POST',
    'labels',
    { limit: LIMIT, ...WITHIN, 'match[]': '{__name__="shop_requests_total"}' },
    ['__name__', 'code', 'my.label'],
  ],
  [
    'values of a label',
    'GET',
    'label/code/values',
    { limit: LIMIT, ...WITHIN, 'match[]': '{__name__="shop_requests_total"}' },
    ['200'],
  ],
  ['values of a label with a dot', 'GET', 'label/U__my_2e_label/values', { limit: LIMIT, ...WITHIN }, ['x']],
  [
    'the metrics browser: series',
    'POST',
    'series',
    { ...WITHIN, 'match[]': '{__name__!=""}', limit: LIMIT },
    [metric, { __name__: 'shop_temperature' }],
  ],
  [
    'a variable: series',
    'POST',
    'series',
    { ...WITHIN, 'match[]': 'shop_requests_total', limit: LIMIT },
    [metric],
  ],
  [
    'Explore: an instant query',
    'POST',
    'query',
    { query: 'shop_temperature', time: String(END + 0.25) },
    {
      resultType: 'vector',
      result: [{ metric: { __name__: 'shop_temperature' }, value: [END + 0.25, '24'] }],
    },
  ],
  [
    'a panel: a range query',
    'POST',
    'query_range',
    {
      query: 'max_over_time(shop_requests_total[1m])',
      start: String(END - 15),
      end: String(END),
      step: '15',
      timeout: '60s',
    },
    {
      resultType: 'matrix',
      result: [
        {
          metric: { code: '200', 'my.label': 'x' },
          values: [
            [END - 15, '210'],
            [END, '240'],
          ],
        },
      ],
    },
  ],
  ['a panel: its exemplars', 'POST', 'query_exemplars', { query: 'shop_requests_total', ...WITHIN }, []],
  [
    'an annotation',
    'POST',
    'query_range',
    { query: 'ALERTS{alertstate="firing"}', ...WITHIN, step: '60' },
    { resultType: 'matrix', result: [] },
  ],
  ['the list of rules', 'GET', 'rules', {}, { groups: [] }],
  ['the list of alerts', 'GET', 'alerts', {}, { alerts: [] }],
  ['the query inspector', 'POST', 'parse_query', { query: '1' }, { type: 'numberLiteral', val: '1' }],
  ['the query editor', 'POST', 'format_query', { query: 'sum(a)by(b)' }, 'sum by (b) (a)'],
];

it('answers a session of Grafana from Save & test to a dashboard', async () => {
  const clock = manualClock(END_MS);
  const store = await createStore({ clock });
  for (let collect = 0; collect <= 8; collect++) {
    store.append(END_MS - (8 - collect) * 15_000, [
      { labels: metric, value: collect * 30 },
      { labels: { __name__: 'shop_temperature' }, value: 16 + collect },
    ]);
  }
  const metrics = [
    { name: 'shop_requests_total', kind: 'counter', unit: '', help: 'Requests.', labels: ['code'] } as const,
  ];
  const api = createApi({ engine: createEngine({ store, clock }), store, clock, metrics });
  await using server = await listening(toNodeHandler(api));

  for (const [does, method, path, parameters, data] of session) {
    const form = new URLSearchParams(parameters);
    const address = `http://localhost:${server.port}/api/v1/${path}`;
    const response = await (method === 'POST'
      ? fetch(address, { method, body: form })
      : fetch(`${address}?${form.toString()}`));
    const body = (await response.json()) as { data: unknown };
    expect([does, response.status, body], does).toEqual([does, 200, { status: 'success', data: body.data }]);
    expect(body.data, does).toEqual(data);
  }
});

it('refuses a POST where Grafana tries GET next', async () => {
  const store = await createStore();
  const api = createApi({ engine: createEngine({ store }), store });
  await using server = await listening(toNodeHandler(api));
  for (const path of ['label/job/values', 'metadata', 'rules', 'alerts', 'status/buildinfo']) {
    const address = `http://127.0.0.1:${server.port}/api/v1/${path}`;
    const { status } = await fetch(address, { method: 'POST' });
    expect([path, status]).toEqual([path, 405]);
  }
});
