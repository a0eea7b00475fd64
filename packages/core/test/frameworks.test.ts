import { serve as honoServe } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openMetricsHandler, requestMetrics, toNodeHandler, type RequestMetrics } from '../src/index.ts';

const scrapeHandler = (metrics: RequestMetrics) =>
  openMetricsHandler([metrics.metricProducer], { path: '/metrics' });

function baseOf(server: { address(): AddressInfo | string | null }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return baseOf(server);
}

/** The same small service in each framework: a user, a refusal, a failure, and metrics of itself. */
const frameworks: Record<string, (metrics: RequestMetrics) => Promise<string>> = {
  async express(metrics) {
    const app = express();
    app.use(metrics);
    app.use('/metrics', toNodeHandler(openMetricsHandler([metrics.metricProducer])));
    app.get('/users/:id', (_, response) => {
      response.send('user');
    });
    app.post('/users/:id', (_, response) => {
      response.status(409).end();
    });
    app.get('/broken', () => {
      throw new Error('mine');
    });
    app.use((_: unknown, __: unknown, response: express.Response, ___: unknown) => {
      response.status(500).end();
    });
    return listening(createServer(app));
  },
  async fastify(metrics) {
    const app = fastify();
    app.addHook('onRequest', metrics.fastify);
    const scrape = toNodeHandler(scrapeHandler(metrics));
    app.get('/metrics', (request, reply) => {
      reply.hijack();
      scrape(request.raw, reply.raw);
    });
    app.get('/users/:id', async () => 'user');
    app.post('/users/:id', async (_, reply) => reply.code(409).send());
    app.get('/broken', async () => {
      throw new Error('mine');
    });
    onTestFinished(async () => app.close());
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
  async koa(metrics) {
    const app = new Koa();
    app.silent = true;
    app.use(metrics.koa);
    const scrape = scrapeHandler(metrics);
    app.use(async (context, next) => {
      const response = await scrape(new Request(`http://host${context.path}`));
      if (response === undefined) await next();
      else context.body = await response.text();
    });
    app.use((context) => {
      // As @koa/router does.
      const route = context.path.startsWith('/users/') ? '/users/:id' : /^\/broken/.exec(context.path)?.[0];
      if (route !== undefined) context['_matchedRoute'] = route;
      if (route === '/broken') throw new Error('mine');
      if (route !== undefined) context.body = 'user';
      if (route !== undefined && context.method === 'POST') context.status = 409;
    });
    return listening(createServer((request, response) => void app.callback()(request, response)));
  },
  async hono(metrics) {
    const app = new Hono();
    honoRoutes(app, metrics);
    const server = honoServe({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    if (!server.listening) await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return baseOf(server);
  },
  async 'node:http'(metrics) {
    const scrape = toNodeHandler(scrapeHandler(metrics));
    const server = createServer((request, response) => {
      metrics(request, response);
      scrape(request, response, () => {
        const found = request.url?.startsWith('/users/') === true;
        const failed = request.url === '/broken';
        response.writeHead(failed ? 500 : !found ? 404 : request.method === 'POST' ? 409 : 200).end('user');
      });
    });
    return listening(server);
  },
};

function honoRoutes(app: Hono, metrics: RequestMetrics): void {
  app.use(metrics.hono);
  const scrape = scrapeHandler(metrics);
  app.get('/metrics', async (c) => (await scrape(c.req.raw)) ?? c.notFound());
  app.get('/users/:id', (c) => c.text('user'));
  app.post('/users/:id', (c) => c.body(null, 409));
  app.get('/broken', () => {
    throw new Error('mine');
  });
  app.onError((_, c) => c.text('failed', 500));
}

/** For the frameworks that have no routes of their own. */
const templates = ({ url = '' }: IncomingMessage): string | undefined =>
  url.startsWith('/users/') ? '/users/:id' : url === '/broken' || url === '/metrics' ? url : undefined;

function samples(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('http_requests_total{'));
  return lines
    .filter((line) => !line.includes('/metrics'))
    .map((line) => line.slice(20))
    .toSorted();
}

const expected = [
  'code="200",method="GET",route="/users/:id"} 2',
  'code="404",method="GET",route="unmatched"} 1',
  'code="409",method="POST",route="/users/:id"} 1',
  'code="500",method="GET",route="/broken"} 1',
];

it.for(Object.keys(frameworks))(
  '%s: by template, with what was answered, and served to a scraper',
  async (name) => {
    const metrics = requestMetrics(name === 'node:http' ? { route: templates } : {});
    const base = await (frameworks[name] as (typeof frameworks)[string])(metrics);
    for (const path of ['/users/1', '/users/a%2Fb?x=1', '/nothing/secret', '/broken']) {
      await (await fetch(base + path)).text();
    }
    await (await fetch(`${base}/users/3`, { method: 'POST' })).text();
    await vi.waitFor(async () =>
      expect(samples(await (await fetch(`${base}/metrics`)).text())).toEqual(expected),
    );
  },
);

it('hono without Node: timed until the answer begins', async () => {
  const metrics = requestMetrics();
  const app = new Hono();
  honoRoutes(app, metrics);
  for (const path of ['/users/1', '/users/2', '/nothing/secret', '/broken']) await app.request(path);
  await app.request('/users/3', { method: 'POST' });
  expect(samples(await (await app.request('/metrics')).text())).toEqual(expected);
});

it('node:http2: counts and serves, which has other headers', async () => {
  const metrics = requestMetrics({ route: templates });
  const seen: string[] = [];
  const handler = openMetricsHandler([metrics.metricProducer]);
  const scrape = toNodeHandler(async (request) => {
    seen.push(request.headers.get('accept') ?? '');
    return handler(request);
  });
  const server = createHttp2Server((request, response) => {
    metrics(request as never, response as never);
    scrape(request as never, response as never);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connectHttp2(baseOf(server));
  onTestFinished(() => {
    client.close();
    server.close();
  });
  const ask = async (path: string): Promise<string> => {
    const stream = client.request({ ':path': path, accept: 'application/openmetrics-text' });
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += chunk as string;
    return text;
  };
  await ask('/users/1');
  await vi.waitFor(async () =>
    expect(samples(await ask('/metrics'))).toEqual(['code="200",method="GET",route="/users/:id"} 1']),
  );
  expect(seen[0]).toBe('application/openmetrics-text');
});
