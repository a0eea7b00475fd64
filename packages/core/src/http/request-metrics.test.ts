import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, it, vi } from 'vitest';
import { openMetricsHandler } from '../exposition/open-metrics-handler.ts';
import { requestMetrics, type RequestMetrics } from './request-metrics.ts';

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

async function counted(metrics: RequestMetrics): Promise<string[]> {
  const response = await openMetricsHandler([metrics.metricProducer])(new Request('http://localhost/'));
  const lines = (await response?.text())?.split('\n') ?? [];
  return lines.filter((line) => line.startsWith('http_requests_total{')).map((line) => line.slice(19));
}

it('names requests of Express by template, never by address', async () => {
  const metrics = requestMetrics();
  const app = express();
  app.use(metrics);
  app.get('/users/:id', (_, response) => {
    response.send('user');
  });
  const shop = express.Router({ mergeParams: true });
  shop.get('/items/:item', (_, response) => {
    response.status(202).end();
  });
  app.use('/shops/:shop', shop);
  app.get(/^\/v\d+$/, (_, response) => {
    response.end();
  });
  const base = await serve(app);
  for (const path of [
    '/users/1',
    '/users/2',
    '/shops/7/items/8',
    '/shops/a%20b/items/8',
    '/v2',
    '/secret-token',
  ]) {
    await (await fetch(base + path)).text();
  }
  await vi.waitFor(async () =>
    expect(await counted(metrics)).toEqual([
      '{code="200",method="GET",route="/users/:id"} 2',
      '{code="202",method="GET",route="/shops/:shop/items/:item"} 2',
      '{code="200",method="GET",route="/^\\\\/v\\\\d+$/"} 1',
      '{code="404",method="GET",route="unmatched"} 1',
    ]),
  );
});

it('counts a plain node:http server, with routes by a function that may throw', async () => {
  const metrics = requestMetrics({
    route: ({ url }) => {
      if (url === '/bad') throw new Error('mine');
      return '/good';
    },
  });
  const base = await serve((request, response) => {
    metrics(request, response);
    response.end('ok');
  });
  await (await fetch(`${base}/x`)).text();
  await (await fetch(`${base}/bad`)).text();
  await vi.waitFor(async () =>
    expect(await counted(metrics)).toEqual([
      '{code="200",method="GET",route="/good"} 1',
      '{code="200",method="GET",route="unmatched"} 1',
    ]),
  );
});

it('counts a client that goes away as 499', async () => {
  const metrics = requestMetrics();
  const arrived = vi.fn();
  const base = await serve((request, response) => {
    metrics(request, response);
    arrived();
  });
  const socket = connect(Number(new URL(base).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await vi.waitFor(() => expect(arrived).toHaveBeenCalled());
  socket.destroy();
  await vi.waitFor(async () =>
    expect(await counted(metrics)).toEqual(['{code="499",method="GET",route="unmatched"} 1']),
  );
});

it('keeps the number of series bounded and the total exact', async () => {
  const metrics = requestMetrics({ maxSeries: 3 });
  for (let i = 0; i < 1_000; i += 1) {
    metrics.observe({ method: 'GET', route: `/${i}`, code: '200', durationSeconds: 0.01 });
  }
  expect(await counted(metrics)).toEqual([
    '{code="200",method="GET",route="/0"} 1',
    '{code="200",method="GET",route="/1"} 1',
    '{code="200",method="GET",route="/2"} 1',
    '{code="_OTHER",method="_OTHER",route="_OTHER"} 997',
  ]);
});

it('serves a response that it cannot watch', () => {
  const next = vi.fn();
  requestMetrics()({} as never, {} as never, next);
  expect(next).toHaveBeenCalledExactlyOnceWith();
});

it('does not swallow what the next middleware throws', () => {
  const error = new Error('theirs');
  const next = (): void => {
    throw error;
  };
  expect(() => requestMetrics()({} as never, { once: () => {} } as never, next)).toThrow(error);
});

it('refuses a cap of 0', () => {
  expect(() => requestMetrics({ maxSeries: 0 })).toThrow(/maxSeries: expected an integer above 0, got 0/);
});
