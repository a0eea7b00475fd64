import { manualClock } from '@tidewatch/core/testing';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine/engine.ts';
import { createStore } from '../store/store.ts';
import { promqlMetrics } from '../metrics.ts';
import { createApi, type ApiOptions } from './api.ts';

const NOW_MS = 1_700_000_000_000;

async function setUp(options: Partial<ApiOptions> = {}) {
  const clock = manualClock(NOW_MS);
  const store = await createStore({ clock });
  for (const [agoMs, up, odd] of [
    [30_000, 1, Number.NaN],
    [15_000, 2, Infinity],
    [0, 3, 1e-7],
  ] as const) {
    store.append(NOW_MS - agoMs, [
      { labels: { __name__: 'up', job: 'api' }, value: up },
      { labels: { __name__: 'odd', job: 'Ω' }, value: odd },
    ]);
  }
  const api = createApi({ engine: createEngine({ store, clock }), store, clock, ...options });
  /** Status and body of a GET, or of a POST when a form is given. */
  async function ask(
    path: string,
    form?: Record<string, string>,
  ): Promise<{ status: number; body: unknown }> {
    const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const response = await api(new Request(`http://localhost${path}`, init));
    if (response === undefined) return { status: 0, body: undefined };
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }
  return { ask, api };
}

describe('createApi', () => {
  it.each([
    // path                                      data                                why
    [
      'query?query=up&time=1700000000',
      {
        resultType: 'vector',
        result: [{ metric: { __name__: 'up', job: 'api' }, value: [1_700_000_000, '3'] }],
      },
    ],
    [
      'query?query=up',
      {
        resultType: 'vector',
        result: [{ metric: { __name__: 'up', job: 'api' }, value: [1_700_000_000, '3'] }],
      },
    ], // now by default
    [
      'query?query=up&time=2023-11-14T22:13:05Z',
      {
        resultType: 'vector',
        result: [{ metric: { __name__: 'up', job: 'api' }, value: [1_699_999_985, '2'] }],
      },
    ],
    ['query?query=1%2B1&time=4', { resultType: 'scalar', result: [4, '2'] }], //   Grafana's health check
    ['query?query=1%2B1&time=010', { resultType: 'scalar', result: [10, '2'] }], //  a time has no octal digits
    ['query?query="x"&time=4.5', { resultType: 'string', result: [4.5, 'x'] }],
    [
      'query?query=odd',
      {
        resultType: 'vector',
        result: [{ metric: { __name__: 'odd', job: 'Ω' }, value: [1_700_000_000, '1e-07'] }],
      },
    ],
    ['query?query=nothing', { resultType: 'vector', result: [] }],
    [
      'query?query=odd[1m]',
      {
        resultType: 'matrix',
        result: [
          {
            metric: { __name__: 'odd', job: 'Ω' },
            values: [
              [1_699_999_970, 'NaN'],
              [1_699_999_985, '+Inf'],
              [1_700_000_000, '1e-07'],
            ],
          },
        ],
      },
    ],
    [
      'query_range?query=up&start=1699999970&end=1700000000&step=15s',
      {
        resultType: 'matrix',
        result: [
          {
            metric: { __name__: 'up', job: 'api' },
            values: [
              [1_699_999_970, '1'],
              [1_699_999_985, '2'],
              [1_700_000_000, '3'],
            ],
          },
        ],
      },
    ],
    ['labels', ['__name__', 'job']],
    ['label/job/values', ['api', 'Ω']],
    ['label/__proto__/values', []],
    ['label/job/values?match[]=up', ['api']],
    ['series?match[]=up', [{ __name__: 'up', job: 'api' }]],
    ['series?match[]=up&match[]={job="api"}', [{ __name__: 'up', job: 'api' }]], //   each once
    ['series?match[]=up&end=1', []],
    ['labels?limit=2', ['__name__', 'job']],
    ['format_query?query=sum(up)by(job)', 'sum by (job) (up)'],
    ['parse_query?query=1', { type: 'numberLiteral', val: '1' }],
    ['rules', { groups: [] }],
    ['alerts', { alerts: [] }],
    ['query_exemplars?query=up', []],
  ])('%s', async (path, data) => {
    const { ask } = await setUp();
    expect(await ask(`/api/v1/${path}`)).toEqual({ status: 200, body: { status: 'success', data } });
  });

  it('takes a form as well', async () => {
    const { ask } = await setUp();
    const form = { query: 'up', time: '1700000000' };
    expect(await ask('/api/v1/query', form)).toEqual(await ask('/api/v1/query?query=up&time=1700000000'));
  });

  it.each([
    [
      'query?query=',
      400,
      'bad_data',
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    ],
    [
      'query?query=sum(',
      400,
      'bad_data',
      'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
    ],
    [
      'query?query=up&time=later',
      400,
      'bad_data',
      `invalid parameter "time": invalid time value for 'time': cannot parse "later" to a valid timestamp`,
    ],
    [
      'query_range?query=up&end=1&step=1',
      400,
      'bad_data',
      'invalid parameter "start": cannot parse "" to a valid timestamp',
    ],
    [
      'query_range?query=up&start=2&end=1&step=1',
      400,
      'bad_data',
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      'query_range?query=up&start=1&end=2&step=0',
      400,
      'bad_data',
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      'query_range?query=up&start=1&end=2&step=x',
      400,
      'bad_data',
      'invalid parameter "step": cannot parse "x" to a valid duration',
    ],
    [
      'query_range?query=up&start=0&end=11001&step=1',
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    ['query?query=up*on(){job=~".%2B"}', 422, 'execution', undefined], // many to many
    ['query?query=histogram_avg(up)', 422, 'execution', '1:1: the function histogram_avg() is not supported'],
    ['series', 400, 'bad_data', 'no match[] parameter provided'],
    [
      'series?match[]=up[5m]',
      400,
      'bad_data',
      'invalid parameter "match[]": 1:3: parse error: unexpected "["',
    ],
    [
      'series?match[]={',
      400,
      'bad_data',
      'invalid parameter "match[]": 1:2: parse error: unexpected end of input inside braces',
    ],
    ['labels?limit=-1', 400, 'bad_data', 'invalid parameter "limit": limit must be non-negative'],
  ])('%s fails with %d', async (path, status, errorType, error) => {
    const { ask } = await setUp();
    const answer = await ask(`/api/v1/${path}`);
    expect(answer).toMatchObject({
      status,
      body: { status: 'error', errorType, ...(error === undefined ? {} : { error }) },
    });
  });

  it('passes remarks on beside the data', async () => {
    const { ask } = await setUp();
    const { body } = await ask('/api/v1/query?query=rate(up[1m])');
    expect(body).toMatchObject({
      status: 'success',
      infos: [expect.stringContaining('might not be a counter')],
    });
    expect((await ask('/api/v1/query?query=quantile(2,up)')).body).toMatchObject({
      warnings: ['PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)'],
    });
  });

  it('answers health without authorization and nothing else', async () => {
    const { ask } = await setUp({ authorize: () => false });
    expect(await ask('/-/healthy')).toEqual({ status: 200, body: 'Tidewatch is Healthy.\n' });
    expect(await ask('/-/ready')).toEqual({ status: 200, body: 'Tidewatch is Ready.\n' });
    expect(await ask('/api/health')).toEqual({ status: 200, body: { database: 'ok' } });
    expect(await ask('/api/v1/query?query=up')).toMatchObject({ status: 401 });
  });

  it('leaves other paths to others', async () => {
    const { ask } = await setUp();
    expect((await ask('/api/v1/nothing')).status).toBe(0);
    expect((await ask('/')).status).toBe(0);
    expect((await ask('/api/v1/labels', {})).status).toBe(200);
    expect((await ask('/api/v1/rules', {})).status).toBe(405);
  });

  it('lists groups of rules page by page', async () => {
    const groups = ['a', 'b', 'c'].map((name) => ({
      name,
      file: 'f',
      rules: [{ name: 'r', type: 'recording' }],
    }));
    const { ask } = await setUp({ rules: () => ({ groups }) });
    const { body: first } = await ask('/api/v1/rules?group_limit=2');
    const { groupNextToken, groups: listed } = (
      first as { data: { groups: unknown; groupNextToken: string } }
    ).data;
    expect(listed).toEqual(groups.slice(0, 2));
    const { body: second } = await ask(`/api/v1/rules?group_limit=2&group_next_token=${groupNextToken}`);
    expect(second).toEqual({ status: 'success', data: { groups: groups.slice(2) } });
    expect(await ask('/api/v1/rules?group_limit=1&group_next_token=gone')).toMatchObject({ status: 400 });
  });

  it('shows rules, alerts and the metric table it is given', async () => {
    const { ask } = await setUp({
      rules: () => ({ groups: [{ name: 'g', rules: [{ name: 'r' }] }] }),
      alerts: async () => ({ alerts: ['a'] }),
      metrics: promqlMetrics,
    });
    expect((await ask('/api/v1/rules')).body).toMatchObject({ data: { groups: [{ name: 'g' }] } });
    expect((await ask('/api/v1/alerts')).body).toMatchObject({ data: { alerts: ['a'] } });
    expect((await ask('/api/v1/metadata?metric=tidewatch_store_series')).body).toMatchObject({
      data: {
        tidewatch_store_series: [{ type: 'gauge', help: 'Series held in the store.', unit: '{series}' }],
      },
    });
  });

  it('tells Grafana a version and no feature list, which would make us Mimir', async () => {
    const { ask } = await setUp();
    const { body } = await ask('/api/v1/status/buildinfo');
    expect(body).toMatchObject({ data: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string } });
    expect(JSON.stringify(body)).not.toContain('features');
  });

  it('keeps an error that is not ours to itself', async () => {
    const { ask } = await setUp({
      rules: () => {
        throw new Error('secret');
      },
    });
    expect(await ask('/api/v1/rules')).toEqual({
      status: 500,
      body: { status: 'error', errorType: 'internal', error: 'internal error' },
    });
    expect((await ask('/api/v1/label/%ff/values')).status).toBe(400);
  });

  it('refuses to be made without its parts', () => {
    expect(() => createApi({} as never)).toThrow('createApi: engine: expected what createEngine() answers');
  });
});
