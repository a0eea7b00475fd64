import { createServer, request as ask, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { FetchHandler } from './fetch-handler.ts';
import { toNodeHandler } from './node-handler.ts';
import { textResponse } from './text-response.ts';

const TEXT = 'naïve ☃';
const HEADERS = { 'content-type': 'text/plain', 'x-here': '1' };

/** One request through node:http. */
async function over(handler: FetchHandler, method = 'GET'): Promise<{ head: IncomingMessage; body: string }> {
  const server = createServer(toNodeHandler(handler)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const head = await new Promise<IncomingMessage>((resolve, reject) => {
      ask({ port, host: '127.0.0.1', method, agent: false }, resolve).on('error', reject).end();
    });
    let body = '';
    for await (const chunk of head.setEncoding('utf8')) body += String(chunk);
    return { head, body };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('sends status, headers, length in bytes and text', async () => {
  const { head, body } = await over(async (request) =>
    textResponse(request, TEXT, { status: 418, headers: HEADERS }),
  );
  expect([head.statusCode, body]).toEqual([418, TEXT]);
  expect(head.headers).toMatchObject({ ...HEADERS, 'content-length': '10' });
  expect(head.headers['transfer-encoding']).toBeUndefined();
});

it('answers HEAD with the length and without the text', async () => {
  const { head, body } = await over(async (request) => textResponse(request, TEXT, {}), 'HEAD');
  expect([head.statusCode, head.headers['content-length'], body]).toEqual([200, '10', '']);
});

it.for([
  [
    'a header that a handler around it sets',
    (response: Response) => (response.headers.set('x-here', '2'), response),
  ],
  ['a copy of its body and head', (response: Response) => new Response(response.body, response)],
  ['its clone', (response: Response) => response.clone()],
  [
    'itself after its clone was read',
    async (response: Response) => (await response.clone().text(), response),
  ],
  ['a copy of its bytes', async (response: Response) => new Response(await response.arrayBuffer(), response)],
] as const)('can be answered as %s', async ([, around]) => {
  const { head, body } = await over(async (request) =>
    around(textResponse(request, TEXT, { headers: HEADERS })),
  );
  expect([head.statusCode, head.headers['content-type'], body]).toEqual([200, 'text/plain', TEXT]);
});

it('reads like any Response, through node:http and without it', async () => {
  const seen: unknown[] = [];
  const read = async (request: Request): Promise<void> => {
    const response = textResponse(request, '{"a":1}', {});
    seen.push(
      response instanceof Response,
      response.ok,
      response.bodyUsed,
      await response.json(),
      response.bodyUsed,
    );
    await expect(response.text()).rejects.toThrow(TypeError);
  };
  await over(async (request) => {
    await read(request);
    return new Response('done');
  });
  await read(new Request('http://localhost/'));
  const once = [true, true, false, { a: 1 }, true];
  expect(seen).toEqual([...once, ...once]);
});
