import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { manualClock } from '@tidewatch/core/testing';
import { describe, expect, it } from 'vitest';
import { functionNames, functionRow } from '../src/functions/table.ts';
import { createApi, createEngine, createStore, toNodeHandler, type ApiOptions } from '../src/index.ts';
import { countTurns } from './count-turns.ts';
import { listening } from './listening.ts';

const NOW_MS = 1_700_000_000_000;

async function openApi(options: Partial<ApiOptions> = {}, series = 3) {
  const clock = manualClock(NOW_MS);
  const store = await createStore({ clock });
  const samples = Array.from({ length: series }, (_, at) => ({
    labels: { __name__: 'up', instance: String(at) },
    value: at,
  }));
  for (let collect = 20; collect >= 0; collect--) store.append(NOW_MS - collect * 15_000, samples);
  const engine = createEngine({ store, clock });
  return { api: createApi({ engine, store, clock, ...options }), engine, store, clock };
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly host?: string;
}

/** Not fetch: it forbids a Host header. */
async function ask(port: number, path: string, asked: Asked = {}) {
  const { method = 'GET', headers = {}, body, host = '127.0.0.1' } = asked;
  const request = httpRequest({ port, host, path, method, headers });
  request.end(body);
  const [message] = (await once(request, 'response')) as [IncomingMessage];
  return { status: message.statusCode, headers: message.headers, body: await text(message) };
}

describe('who may ask over a socket', () => {
  it('this machine, by its own name', async () => {
    const { api } = await openApi();
    await using server = await listening(toNodeHandler(api));
    expect(await ask(server.port, '/api/v1/labels')).toMatchObject({ status: 200 });
    const rebound = await ask(server.port, '/api/v1/labels', { headers: { host: 'rebound.example' } });
    expect([rebound.status, JSON.parse(rebound.body)]).toEqual([
      403,
      {
        status: 'error',
        errorType: 'forbidden',
        error: 'asked by a name that is not of this machine: use localhost or 127.0.0.1',
      },
    ]);
    // Probes come by any name and are told nothing.
    expect(await ask(server.port, '/-/healthy', { headers: { host: '10.0.0.7' } })).toMatchObject({
      status: 200,
    });
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.internal === false && each.family === 'IPv4')?.address;

  it.skipIf(outside === undefined)(
    'another address only with the token (needs a network interface)',
    async () => {
      const headers = { host: 'localhost' };
      const host = outside ?? '';
      const { api } = await openApi();
      await using closed = await listening(toNodeHandler(api), '0.0.0.0');
      expect(await ask(closed.port, '/api/v1/labels', { host, headers })).toMatchObject({ status: 403 });

      const { api: guarded } = await openApi({ token: 'correct horse battery' });
      await using open = await listening(toNodeHandler(guarded), '0.0.0.0');
      const bearer = { authorization: 'Bearer correct horse battery' };
      expect(await ask(open.port, '/api/v1/labels', { host, headers: bearer })).toMatchObject({
        status: 200,
      });
      const without = await ask(open.port, '/api/v1/labels', { host });
      expect(without).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    },
  );

  it('no page of another origin', async () => {
    const { api } = await openApi();
    await using server = await listening(toNodeHandler(api));
    const headers = { origin: 'https://page.example', 'access-control-request-method': 'GET' };
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await ask(server.port, '/api/v1/labels', { method, headers });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

it.for([
  // method    path              status  body                     why the row is here
  ['HEAD', '/api/v1/labels', 200, ''], //                         the headers of GET
  ['OPTIONS', '/api/v1/query', 204, ''], //                       what may be asked, to anybody
  ['PATCH', '/api/v1/query', 405, 'Method Not Allowed\n'],
  ['POST', '/api/v1/rules', 405, 'Method Not Allowed\n'],
] as const)('%s %s → %i', async ([method, path, status, body]) => {
  const { api } = await openApi();
  await using server = await listening(toNodeHandler(api));
  const answer = await ask(server.port, path, { method });
  expect([answer.status, answer.body]).toEqual([status, body]);
  if (status !== 200) expect(answer.headers.allow).toContain('OPTIONS');
});

describe('a form that is too large', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = `query=${'a'.repeat(1_500_000)}`;

  it.for([
    ['says so itself', { ...form, 'content-length': String(body.length) }],
    ['does not say', { ...form, 'transfer-encoding': 'chunked' }],
  ] as const)('and %s is answered with 413', async ([, headers]) => {
    const { api } = await openApi();
    await using server = await listening(toNodeHandler(api));
    const answer = await ask(server.port, '/api/v1/query', { method: 'POST', headers, body });
    expect([answer.status, answer.headers.connection]).toEqual([413, 'close']);
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'the body is larger than 983040 bytes' });
  });

  it('is not a long query', async () => {
    const { api } = await openApi();
    await using server = await listening(toNodeHandler(api));
    const query = `up{instance=~"${'0|'.repeat(4_000)}0"}`;
    const answer = await ask(server.port, '/api/v1/query', {
      method: 'POST',
      headers: form,
      body: new URLSearchParams({ query }).toString(),
    });
    expect(JSON.parse(answer.body)).toMatchObject({ data: { result: [{ metric: { instance: '0' } }] } });
  });
});

it('writes a large matrix in many turns', async () => {
  const { api } = await openApi({}, 1_000);
  const range = `start=${NOW_MS / 1000 - 300}&end=${NOW_MS / 1000}&step=1`;
  const response = await api(new Request(`http://localhost/api/v1/query_range?query=up&${range}`));
  const { turns, value: body = '' } = await countTurns(Promise.resolve(response?.text()));
  expect(JSON.parse(body)).toMatchObject({ data: { result: { length: 1_000 } } });
  expect(turns).toBeGreaterThan(body.length / 65_536 / 2);
});

it('stops a query at the timeout of the request', async () => {
  const { clock, store } = await openApi();
  // Time passes with every look at the clock.
  let nowMs = NOW_MS;
  const hurried = { now: () => (nowMs += 1_000), sleep: async (): Promise<void> => {} };
  const api = createApi({ engine: createEngine({ store, clock: hurried }), store, clock });
  const answer = await api(new Request('http://localhost/api/v1/query?query=up&timeout=500ms'));
  expect([answer?.status, await answer?.json()]).toEqual([
    503,
    { status: 'error', errorType: 'timeout', error: 'the query took longer than 500 ms' },
  ]);
});

it('carries ten remarks of a kind and counts the others', async () => {
  const clock = manualClock(NOW_MS);
  const store = await createStore({ clock });
  for (const timeMs of [NOW_MS - 15_000, NOW_MS]) {
    const samples = Array.from({ length: 13 }, (_, at) => ({
      labels: { __name__: `gauge_${at}`, at: String(at) },
      value: at,
    }));
    store.append(timeMs, samples);
  }
  const api = createApi({ engine: createEngine({ store, clock }), store, clock });
  const query = encodeURIComponent('rate({__name__=~"gauge_.*"}[1m])');
  const answer = await api(new Request(`http://localhost/api/v1/query?query=${query}`));
  const body = (await answer?.json()) as { infos: string[] } | undefined;
  expect([body?.infos.length, body?.infos.at(-1)]).toEqual([11, '3 more info annotations omitted']);
});

describe('what is not built', () => {
  const names = functionNames().filter((name) => {
    const row = functionRow(name);
    return row?.body.kind === 'unsupported' || row?.experimental === true;
  });
  const values = { vector: 'up', matrix: 'up[5m]', scalar: '1', string: '"a"' } as const;
  const calls = names.map((name) => {
    const { args = [] } = functionRow(name) ?? {};
    const written = name === 'info' ? ['up'] : args.map((type) => values[type]);
    return [name, `${name}(${written.join(', ')})`] as const;
  });

  it.for<readonly [name: string, query: string]>([
    ...calls,
    ['limitk', 'limitk(1, up)'],
    ['limit_ratio', 'limit_ratio(0.5, up)'],
    ['anchored', 'rate(up[5m] anchored)'],
    ['smoothed', 'rate(up[5m] smoothed)'],
    ['fill', 'up + fill(0) up'],
    ['</', 'up </ 1'],
    ['duration expression', 'up[step()]'],
  ])('%s is refused by name, never guessed: %s', async ([name, query]) => {
    const { api } = await openApi();
    const answer = await api(new Request(`http://localhost/api/v1/query?query=${encodeURIComponent(query)}`));
    const body = (await answer?.json()) as { errorType: string; error: string };
    expect([answer?.status, body.errorType]).toEqual([422, 'execution']);
    expect(body.error).toMatch(/ not supported$/);
    expect(body.error).toContain(name);
  });
});
