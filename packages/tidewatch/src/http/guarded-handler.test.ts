import { silentLogger, type FetchHandler, type Logger } from '@tidewatch/core';
import express from 'express';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Access } from './access.ts';
import { guardedHandler } from './guarded-handler.ts';

/** Answers with what it was asked for, so that tests see what reached it. */
const page: FetchHandler = async ({ url, method }) => {
  const { pathname, search } = new URL(url);
  return pathname === '/unknown' ? undefined : new Response(`page ${method} ${pathname}${search}`);
};
const api: FetchHandler = async ({ url }) => {
  const { pathname } = new URL(url);
  if (pathname === '/api/v1/unknown') return undefined;
  if (pathname === '/api/v1/broken') throw new Error('broken');
  return new Response(`api ${pathname}`);
};

const alerts: FetchHandler = async ({ url, method }) =>
  new Response(`alerts ${method} ${new URL(url).pathname}`);

type Ask = (path: string, method?: string) => Promise<{ message: IncomingMessage; body: string }>;

interface ServiceOptions {
  readonly access?: Access;
  readonly locale?: 'en' | 'zh-CN';
  readonly logger?: Logger;
  /** Where the host mounts us. */
  readonly mount?: string;
}

/** The handler in an Express app, on a real socket. */
async function startService({
  access = 'any',
  locale = 'en',
  logger = silentLogger,
  mount = '/',
}: ServiceOptions): Promise<Ask> {
  const app = express();
  app.use(mount, guardedHandler({ page, api, alerts }, { access, locale, logger }));
  app.use((incoming, response) => void response.status(418).send(`host ${incoming.url}`));
  const port = await listen(app);
  // Not fetch: it resolves redirects and dots in paths.
  return (path, method = 'GET') =>
    new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path, method }, (message) => {
        text(message).then((body) => resolve({ message, body }), reject);
      })
        .on('error', reject)
        .end();
    });
}

/** On a free port, until the test ends. */
async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const stranger: Access = () => false;

describe('which paths are ours', () => {
  it.for([
    // path                   who answers                    why the row is here
    ['/monitor/', 'page GET /'],
    ['/monitor/app.js?v=1', 'page GET /app.js?v=1'], // the prefix goes, the query stays
    ['/metrics', 'api /metrics'],
    ['/metrics?x=1', 'api /metrics'],
    ['/api/v1/query', 'api /api/v1/query'],
    ['/-/healthy', 'api /-/healthy'],
    ['/api/health', 'api /api/health'],
    ['/', 'host /'],
    ['/monitoring', 'host /monitoring'], // a prefix of letters is not a prefix of paths
    ['/metrics/mine', 'host /metrics/mine'],
    ['/api/v2/alerts', 'alerts GET /api/v2/alerts'],
    ['/api/v2/alerts/explain?fingerprint=1', 'alerts GET /api/v2/alerts/explain'],
    ['/api/v2/silences', 'alerts GET /api/v2/silences'],
    ['/api/v2/silence/silence-1', 'alerts GET /api/v2/silence/silence-1'],
    ['/api/v2/query', 'host /api/v2/query'], // the host may have a second version of its own
    ['/api/v2/silence/', 'host /api/v2/silence/'],
    ['/api/v1', 'host /api/v1'],
    ['//monitor/', 'host //monitor/'],
    ['/monitor/unknown', 'host /monitor/unknown'], // the host sees the whole path again
    ['/api/v1/unknown', 'host /api/v1/unknown'],
  ] as const)('%s → %s', async ([path, body]) => {
    const ask = await startService({});
    expect((await ask(path)).body).toBe(body);
  });

  it('answers a page without its slash with a permanent, relative redirect that keeps the query', async () => {
    const ask = await startService({});
    const { message } = await ask('/monitor?range=1h');
    expect(message.statusCode).toBe(308);
    expect(message.headers.location).toBe('monitor/?range=1h');
  });

  it('works below a path of the host', async () => {
    const ask = await startService({ mount: '/ops' });
    expect((await ask('/ops/monitor/app.css')).body).toBe('page GET /app.css');
    expect((await ask('/ops/monitor')).message.headers.location).toBe('monitor/'); // → /ops/monitor/
    expect((await ask('/ops/monitor/unknown')).body).toBe('host /ops/monitor/unknown');
    expect((await ask('/monitor/')).body).toBe('host /monitor/');
  });

  it('answers HEAD without a body', async () => {
    const ask = await startService({});
    const { message, body } = await ask('/monitor/', 'HEAD');
    expect([message.statusCode, body]).toEqual([200, '']);
  });

  it('answers 404 for other paths when it is the only listener', async () => {
    const handler = guardedHandler(
      { page, api, alerts },
      { access: 'any', locale: 'en', logger: silentLogger },
    );
    const port = await listen(handler);
    expect((await fetch(`http://127.0.0.1:${port}/else`)).status).toBe(404);
  });
});

describe('who may see them', () => {
  it.for(['/monitor', '/monitor/', '/monitor/data', '/metrics', '/api/v1/query', '/monitor/../metrics'])(
    '%s is refused, with the remedy',
    async (path) => {
      const ask = await startService({ access: stranger });
      const { message, body } = await ask(path);
      expect(message.statusCode).toBe(403);
      expect(body).toContain('option access');
    },
  );

  it.for(['/-/healthy', '/-/ready', '/api/health'])('%s is open: probes have no session', async (path) => {
    const ask = await startService({ access: stranger });
    expect((await ask(path)).message.statusCode).toBe(200);
  });

  it('never asks for the paths of the host', async () => {
    let asked = 0;
    const ask = await startService({ access: () => ++asked > 0 });
    await ask('/classify');
    expect(asked).toBe(0);
    await ask('/metrics');
    expect(asked).toBe(1);
  });

  it('keeps out whoever a function that throws was asked about', async () => {
    const ask = await startService({
      access: () => {
        throw new Error('no session store');
      },
    });
    expect((await ask('/metrics')).message.statusCode).toBe(403);
    expect((await ask('/classify')).body).toBe('host /classify');
  });

  it('answers this machine by default access', async () => {
    const ask = await startService({ access: 'loopback' });
    expect((await ask('/metrics')).message.statusCode).toBe(200);
  });

  it('refuses in the chosen language', async () => {
    const ask = await startService({ access: stranger, locale: 'zh-CN' });
    expect((await ask('/metrics')).body).toContain('此请求无权查看');
  });
});

describe('faults', () => {
  it('logs what a part throws and answers 500', async () => {
    const errors: string[] = [];
    const logger = {
      ...silentLogger,
      error: (_fields: object, message: string) => void errors.push(message),
    };
    const ask = await startService({ logger });
    expect((await ask('/api/v1/broken')).message.statusCode).toBe(500);
    expect(errors).toEqual(['a request handler failed']);
  });

  it('leaves what the host throws to the host', () => {
    const handler = guardedHandler(
      { page, api, alerts },
      { access: 'any', locale: 'en', logger: silentLogger },
    );
    const hosts = (): never => {
      throw new Error('of the host');
    };
    expect(() => handler({ url: '/classify' } as IncomingMessage, {} as never, hosts)).toThrow('of the host');
  });
});
