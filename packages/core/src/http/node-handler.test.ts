import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../vocabulary/logger.ts';
import type { FetchHandler } from './fetch-handler.ts';
import { toNodeHandler } from './node-handler.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends bytes as they are: fetch would mend what is wrong with them. */
async function raw(base: string, text: string): Promise<string> {
  const { port } = new URL(base);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

const echo: FetchHandler = async (request) => new Response(`${request.method} ${await request.text()}`);

it('carries method, body, status, headers and several cookies', async () => {
  const base = await serve(
    toNodeHandler(async (request) => {
      const headers = new Headers({ 'x-seen': request.headers.get('x-sent') ?? '' });
      headers.append('set-cookie', 'a=1');
      headers.append('set-cookie', 'b=2');
      return new Response(await request.text(), { status: 201, headers });
    }),
  );
  const response = await fetch(base, { method: 'POST', body: 'données', headers: { 'x-sent': 'yes' } });
  expect(response.status).toBe(201);
  expect(await response.text()).toBe('données');
  expect(response.headers.get('x-seen')).toBe('yes');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

it.for([
  ['//', 'no host after two slashes'],
  ['//evil.example/x', 'a path that looks like a host'],
  ['/%', 'a broken escape'],
  ['*', 'the asterisk of OPTIONS'],
  ['http://evil.example/', 'the absolute form of proxies'],
] as const)('answers the address %s: %s', async ([address]) => {
  const hosts: string[] = [];
  const base = await serve(
    toNodeHandler(async (request) => {
      hosts.push(new URL(request.url).host);
      return new Response('fine');
    }),
  );
  const answer = await raw(base, `GET ${address} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(hosts).toEqual(['localhost']);
});

it('answers HEAD without a body', async () => {
  const base = await serve(
    toNodeHandler(async () => new Response('long text', { headers: { 'x-here': '1' } })),
  );
  const response = await fetch(base, { method: 'HEAD' });
  expect([response.status, response.headers.get('x-here'), await response.text()]).toEqual([200, '1', '']);
});

it('answers 413 to a body that is too large, while it is still being sent', async () => {
  const base = await serve(toNodeHandler(echo, { maxBodyBytes: 1_000 }));
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const outgoing = httpRequest(base, { method: 'POST' }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.write(Buffer.alloc(1_001));
  });
  expect(status).toBe(413);
  expect(await (await fetch(base, { method: 'POST', body: 'x'.repeat(1_000) })).text()).toHaveLength(1_005);
});

it('answers 500 when the handler throws, logs it, and goes on', async () => {
  const error = vi.fn();
  let isBroken = true;
  const base = await serve(
    toNodeHandler(
      async () => {
        if (isBroken) throw new Error('secret detail');
        return new Response('fine');
      },
      { logger: { ...silentLogger, error } },
    ),
  );
  const response = await fetch(base);
  expect([response.status, await response.text()]).toEqual([500, 'internal error\n']);
  expect(error).toHaveBeenCalledTimes(1);
  isBroken = false;
  expect((await fetch(base)).status).toBe(200);
});

it('sends a stream as it comes, and stops it when the client goes away', async () => {
  const cancelled = vi.fn();
  const base = await serve(
    toNodeHandler(async () => {
      const body = new ReadableStream({
        start: (to) => to.enqueue(new TextEncoder().encode('one')),
        cancel: cancelled,
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    }),
  );
  const client = new AbortController();
  const response = await fetch(base, { signal: client.signal });
  const chunk = await response.body?.getReader().read();
  expect(new TextDecoder().decode(chunk?.value)).toBe('one'); // though the stream has not ended
  client.abort();
  await vi.waitFor(() => expect(cancelled).toHaveBeenCalled());
});

it.for([
  ['at once', async (request: Request) => request.signal],
  ['through a clone', async (request: Request) => request.clone().signal],
  ['through a copy', async (request: Request) => new Request(request.url, request).signal],
] as const)('aborts the signal when the client goes away, %s', async ([, signalOf]) => {
  const reached = vi.fn();
  const aborted = vi.fn();
  const base = await serve(
    toNodeHandler(async (request) => {
      const signal = await signalOf(request);
      signal.addEventListener('abort', aborted);
      reached();
      await vi.waitFor(() => expect(signal.aborted).toBe(true));
      return undefined;
    }),
  );
  const client = new AbortController();
  const asked = fetch(base, { signal: client.signal }).catch(() => undefined);
  await vi.waitFor(() => expect(reached).toHaveBeenCalled());
  client.abort();
  await asked;
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledTimes(1));
});

it('has an aborted signal for who asks after the client went away', async () => {
  const [reached, gone] = [vi.fn(), vi.fn()];
  const reasons: unknown[] = [];
  const handler = toNodeHandler(async (request) => {
    reached();
    await vi.waitFor(() => expect(gone).toHaveBeenCalled());
    reasons.push((request.signal.reason as Error).message);
    return undefined;
  });
  const base = await serve((request, response) => {
    response.once('close', gone);
    handler(request, response);
  });
  const client = new AbortController();
  const asked = fetch(base, { signal: client.signal }).catch(() => undefined);
  await vi.waitFor(() => expect(reached).toHaveBeenCalled());
  client.abort();
  await asked;
  await vi.waitFor(() => expect(reasons).toEqual(['the client went away']));
});

it('does not abort the signal of a request that was answered', async () => {
  let signal: AbortSignal | undefined;
  const base = await serve(
    toNodeHandler(async (request) => {
      ({ signal } = request);
      return new Response('fine');
    }),
  );
  await (await fetch(base)).text();
  expect(signal?.aborted).toBe(false);
});

it('answers 404 to what the handler does not know, without a next', async () => {
  const base = await serve(toNodeHandler(async () => undefined));
  expect((await fetch(`${base}/nowhere`)).status).toBe(404);
});

it('leaves the body to Express when it declines', async () => {
  const app = express();
  app.use(toNodeHandler(async () => undefined));
  app.use(express.json());
  app.post('/later', (request, response) => {
    response.json(request.body);
  });
  const base = await serve(app);
  const body = JSON.stringify({ still: 'here' });
  const response = await fetch(`${base}/later`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(await response.text()).toBe(body);
});

it.for([
  ['application/json', '{"a":[1,"é"]}', express.json()],
  ['application/x-www-form-urlencoded', 'a=1&a=2&b=%26', express.urlencoded({ extended: false })],
  ['text/plain', 'plain', express.text()],
  ['application/octet-stream', 'raw', express.raw()],
] as const)(
  'gets the body of %s back after a parser of Express consumed it',
  async ([type, body, parser]) => {
    const app = express();
    app.use(parser);
    app.use(toNodeHandler(echo));
    const base = await serve(app);
    const response = await fetch(base, { method: 'POST', body, headers: { 'content-type': type } });
    expect(await response.text()).toBe(`POST ${body}`);
  },
);

it('leaves a method that a web Request cannot say to the host', async () => {
  const error = vi.fn();
  const unknown = toNodeHandler(async () => undefined, { logger: { ...silentLogger, error } });
  const app = express();
  app.use(unknown);
  app.trace('/loop', (_, response) => {
    response.send('traced');
  });
  const text = 'TRACE /loop HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  expect(await raw(await serve(app), text)).toMatch(/^HTTP\/1.1 200 [^]*traced$/);
  expect(await raw(await serve(unknown), text)).toMatch(/^HTTP\/1.1 404 /);
  expect(error).not.toHaveBeenCalled();
});

it('survives a logger that throws', async () => {
  const error = (): never => {
    throw new Error('the worker has exited');
  };
  const fails = async (): Promise<never> => Promise.reject(new Error('handler'));
  const base = await serve(toNodeHandler(fails, { logger: { ...silentLogger, error } }));
  expect((await fetch(base)).status).toBe(500);
});
