import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { endpointQuery } from './endpoint-query.ts';

/** A server for one test; `stop` for one that is to be gone earlier. */
async function serving(listener: RequestListener): Promise<{ address: string; stop: () => Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  onTestFinished(stop);
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/query`, stop };
}

const vector = (...result: unknown[]): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });

it('asks as Prometheus wants to be asked, with the password in a header', async () => {
  const asked: (string | undefined)[] = [];
  const server = await serving(({ url, headers }, response) => {
    asked.push(url, headers.authorization);
    response.end(vector({ metric: { a: '1' }, value: [1700000000.5, '42'] }));
  });
  const query = endpointQuery(`http://ann:s3cr%3At@${server.address}?tenant=7`);
  expect(await query('sum(rate(x[1m])) > 1', 1_700_000_000_500)).toEqual([
    { labels: { a: '1' }, timeMs: 1_700_000_000_500, value: 42 },
  ]);
  expect(asked).toEqual([
    '/api/v1/query?tenant=7&query=sum%28rate%28x%5B1m%5D%29%29+%3E+1&time=1700000000.5',
    `Basic ${Buffer.from('ann:s3cr:t').toString('base64')}`,
  ]);
});

it.for([
  // answer                                                    value      why
  [vector(), undefined], //                                               nothing matched, which is an answer
  [vector({ metric: {}, value: [1, 'NaN'] }), Number.NaN],
  [vector({ metric: {}, value: [1, '+Inf'] }), Infinity],
  ['{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}', 7],
] as const)('%s is %s', async ([body, value]) => {
  const server = await serving((_, response) => response.end(body));
  const [sample] = await endpointQuery(`http://${server.address}`)('up', 1000);
  expect(sample?.value).toEqual(value);
});

it.for([
  // status  body                                              code              why
  [400, '{"status":"error","error":"parse error at char 3"}', 'refused'],
  [200, '{"status":"error","error":"query timed out"}', 'refused'], // an error under HTTP 200
  [503, 'upstream is down', 'http-status'],
  [200, '<html>login</html>', 'not-prometheus'], //                      a proxy in between
  [200, '{"status":"success","data":{"resultType":"matrix","result":[]}}', 'not-prometheus'],
  [200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{}}]}}', 'not-prometheus'],
] as const)('HTTP %i %s is an error: %s', async ([status, body, code]) => {
  const server = await serving((_, response) => response.writeHead(status).end(body));
  await expect(endpointQuery(`http://${server.address}`)('up', 0)).rejects.toMatchObject({
    name: 'EndpointError',
    code,
  });
});

it('says that it cannot be reached, and not where: the address may hold a secret', async () => {
  const server = await serving(() => {});
  await server.stop();
  const error: unknown = await endpointQuery(`http://u:s3cr3t@${server.address}?token=s3cr3t`)('up', 0).catch(
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
  expect(inspect(error, { depth: 5 })).not.toContain('s3cr3t');
});

it('gives up with the caller’s reason', async () => {
  const server = await serving(() => {});
  const abort = new AbortController();
  const asked = endpointQuery(`http://${server.address}`)('up', 0, { signal: abort.signal });
  abort.abort(new Error('shutting down'));
  await expect(asked).rejects.toThrow('shutting down');
});

it.for(['', ' ', 'abc', '0x'])('does not take the text %j for a number, least of all for 0', async (text) => {
  const server = await serving((_, response) => response.end(vector({ metric: {}, value: [1, text] })));
  await expect(endpointQuery(`http://${server.address}`)('x', 0)).rejects.toThrow('has no value');
});

it('takes a password with a percent sign as it is written', () => {
  expect(() => endpointQuery('http://user:100%@localhost:9090/api/v1/query')).not.toThrow();
});
