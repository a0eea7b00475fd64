import { describe, expect, it } from 'vitest';
import { prometheus } from './prometheus.ts';

type Reply = () => Promise<Response> | Response;

/** A client whose server gives this reply, and what it was asked. */
function against(reply: Reply, url = 'http://prometheus:9090/prefix/') {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = (async (input: string, init: RequestInit) => {
    asked.push({ url: input, init });
    return reply();
  }) as typeof globalThis.fetch;
  return { client: prometheus({ url, fetch, headers: { 'x-scope': 'team' } }), asked };
}

const json =
  (body: unknown, status = 200): Reply =>
  () =>
    Response.json(body, { status });

describe('prometheus', () => {
  it('asks by form, under the prefix, with the headers given', async () => {
    const { client, asked } = against(
      json({
        status: 'success',
        data: { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [1.5, '+Inf'] }] },
      }),
    );
    expect(await client.query('up{x="&"}', 1500)).toEqual([
      { labels: { a: 'b' }, timeMs: 1500, value: Infinity },
    ]);
    expect(asked[0]?.url).toBe('http://prometheus:9090/prefix/api/v1/query');
    expect(asked[0]?.init.body).toBe('query=up%7Bx%3D%22%26%22%7D&time=1.5');
    expect(asked[0]?.init.headers).toMatchObject({ 'x-scope': 'team' });
  });

  it.for([
    // what the server says                                             why
    [undefined, 'no data'],
    [{ resultType: 'vector', result: null }, 'no list'],
    [{ resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] }, 'a label that is no text'],
    [{ resultType: 'vector', result: [{ metric: {}, value: [1, 'one'] }] }, 'a value that is no number'],
    [{ resultType: 'vector', result: [{ metric: {}, value: [1, ''] }] }, 'an empty value'],
    [{ resultType: 'vector', result: [{ metric: {} }] }, 'no value'],
    [{ resultType: 'vector', result: [null] }, 'no series'],
    [{ resultType: 'scalar', result: ['1', '1'] }, 'a time that is no number'],
  ] as const)('never takes %j for an answer: %s', async ([data]) => {
    const { client } = against(json({ status: 'success', data }));
    await expect(client.query('up', 0)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(client.labels()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('passes on what the server says beside an answer', async () => {
    const [warnings, infos] = [['store x: not reachable'], ['PromQL info: metric might not be a counter']];
    const data = { resultType: 'vector', result: [{ metric: {}, value: [1, '2'] }] };
    const { client } = against(json({ status: 'success', data, warnings, infos }));
    const vector = await client.query('up', 0);
    expect([vector.length, vector[0]?.value, vector.warnings, vector.infos]).toEqual([1, 2, warnings, infos]);

    const matrix = { resultType: 'matrix', result: [] };
    const range = { startMs: 0, endMs: 1, stepMs: 1 };
    const ranges = against(json({ status: 'success', data: matrix, warnings })).client;
    expect((await ranges.queryRange('up', range)).warnings).toEqual(warnings);
    const lists = against(json({ status: 'success', data: [], warnings })).client;
    expect((await lists.series(['up'], range)).warnings).toEqual(warnings);
    expect((await lists.labels()).warnings).toEqual(warnings);
  });

  it.for([[], null, 'one', undefined])('has no remarks when the server sends %j', async (warnings) => {
    const { client } = against(json({ status: 'success', data: ['a'], warnings }));
    expect(await client.labels()).not.toHaveProperty('warnings');
  });

  it('sends one authorization, however it is spelled', async () => {
    const headers = { Authorization: 'Bearer x' };
    let sent: RequestInit['headers'];
    const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
      sent = init?.headers;
      return Response.json({ status: 'success', data: [] });
    };
    await prometheus({ url: 'http://user:pass@host', headers, fetch }).labels();
    expect(new Headers(sent).get('authorization')).toBe('Bearer x');
    await prometheus({ url: 'http://:pass@host', fetch }).labels();
    expect(new Headers(sent).get('authorization')).toBe(`Basic ${btoa(':pass')}`);
  });

  it('answers a scalar as one sample without labels', async () => {
    const { client } = against(
      json({ status: 'success', data: { resultType: 'scalar', result: [1, 'NaN'] } }),
    );
    expect(await client.query('1', 1000)).toEqual([{ labels: {}, timeMs: 1000, value: Number.NaN }]);
  });

  it('sends credentials of the address as a header', async () => {
    const { client, asked } = against(json({ status: 'success', data: ['a'] }), 'https://us%40er:pass@host/');
    expect(await client.labels()).toEqual(['a']);
    expect(asked[0]?.url).toBe('https://host/api/v1/labels');
    expect(asked[0]?.init.headers).toMatchObject({ authorization: `Basic ${btoa('us@er:pass')}` });
  });

  it.each([
    [
      'a bad query',
      json({ status: 'error', errorType: 'bad_data', error: '1:1: parse error' }, 400),
      'parse',
      'prometheus: bad_data: 1:1: parse error',
    ],
    [
      'a failed query',
      json({ status: 'error', errorType: 'execution', error: 'many' }, 422),
      'execution',
      'prometheus: execution: many',
    ],
    [
      'a page of a proxy',
      () => new Response('<html>', { status: 502 }),
      'unavailable',
      'prometheus: HTTP 502 without an answer of the Prometheus API',
    ],
    ['JSON of somebody else', json({ hello: 1 }), 'unavailable', 'prometheus: HTTP 200 without'],
    ['JSON that is no object', json(null), 'unavailable', 'prometheus: HTTP 200 without'],
    [
      'a native histogram',
      json({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, histogram: [] }] } }),
      'execution',
      'expected numbers, got native histograms',
    ],
    [
      'a matrix',
      json({ status: 'success', data: { resultType: 'matrix', result: [] } }),
      'execution',
      'got matrix',
    ],
  ])('rejects %s', async (_, reply, code, message) => {
    const { client } = against(reply);
    await expect(client.query('up', 0)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('says that the server is unreachable without its address or a header', async () => {
    const { client } = against(() => {
      const cause = Object.assign(new Error('connect ECONNREFUSED secret.host'), { code: 'ECONNREFUSED' });
      throw new TypeError('fetch failed', { cause });
    }, 'http://user:hunter2@secret.host');
    const error = (await client.query('up', 0).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'unavailable', message: 'prometheus: unreachable (ECONNREFUSED)' });
    expect(error.cause).toBeUndefined();
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/hunter2|secret\.host/);
  });

  it('gives up with the reason of the caller', async () => {
    const reason = new Error('enough');
    const { client } = against(() => Promise.reject(new Error('aborted')));
    await expect(client.query('up', 0, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it.each([
    [{ url: 'localhost:9090' }, 'prometheus: url: expected an address such as http://localhost:9090'],
    [{ url: 'http://u:100%@x' }, 'holds a percent sign that begins no escape'],
    [{ url: 'ftp://x' }, 'prometheus: url: expected an address'],
    [{ url: 'http://x', timeoutMs: 0 }, 'prometheus: timeoutMs: expected milliseconds above 0, got 0'],
  ])('refuses %j', (options, problem) => {
    expect(() => prometheus(options)).toThrow(problem);
  });
});
