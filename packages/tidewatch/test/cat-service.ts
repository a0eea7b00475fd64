import express, { type Express } from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createTidewatch, type Tidewatch, type TidewatchOptions } from 'tidewatch';

/** A service with the preset mounted in Express, on a real socket, until the test ends. */
export interface CatService {
  readonly url: string;
  readonly watch: Tidewatch;
  /** Classifies; the answer is always `cat`. */
  classify(id: string): Promise<Response>;
  /** Gives the truth, later. */
  label(id: string, actual: string): Promise<Response>;
  /** A path of the preset. */
  get(path: string): Promise<Response>;
  /** The member `data` of the Prometheus HTTP API. */
  api(path: string): Promise<any>;
}

export async function startCatService(options: Partial<TidewatchOptions> = {}): Promise<CatService> {
  const watch = await createTidewatch({
    model: 'cats',
    classes: ['cat', 'dog'],
    minSamples: 1,
    collectIntervalMs: 1_000,
    gpu: { source: 'off' },
    ...options,
  });
  onTestFinished(() => watch.close());
  const app = express();
  app.use(watch.requests, watch.handler);
  app.use(express.json());
  app.post('/classify', async (request, response) => {
    const answer = { predicted: 'cat', confidence: 0.9 };
    response.json(await watch.monitor.classify(() => answer, { id: request.body.id }));
  });
  app.post('/labels', (request, response) => {
    watch.monitor.label(request.body.id, request.body.actual);
    response.sendStatus(202);
  });
  const url = await listen(app);
  const post = async (path: string, body: unknown): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    url,
    watch,
    classify: async (id) => post('/classify', { id }),
    label: async (id, actual) => post('/labels', { id, actual }),
    get: async (path) => fetch(url + path),
    async api(path) {
      const { status, data } = (await (await fetch(`${url}/api/v1/${path}`)).json()) as any;
      if (status !== 'success') throw new Error(`/api/v1/${path} answered ${status}`);
      return data;
    },
  };
}

async function listen(app: Express): Promise<string> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
