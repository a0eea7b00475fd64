import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface ContainerDouble {
  Id: string;
  Created: number;
  State: 'created' | 'running' | 'exited' | 'restarting';
  Status: string;
  Labels: Record<string, string>;
  Image: string;
}

export interface DockerDouble {
  readonly socketPath: string;
  readonly containers: Map<string, ContainerDouble>;
  /** Requests that the real Engine would not have taken. */
  readonly faults: string[];
  readonly requests: string[];
  /** Time to healthy; with 0 there is no health check. */
  startMs: number;
  stopMs: number;
  /** New containers restart for ever. */
  crashes: boolean;
  close(): Promise<void>;
}

/** A Docker Engine on a Unix socket, as far as we use it: it judges what it is asked. */
export async function dockerDouble(): Promise<DockerDouble> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-'));
  const containers = new Map<string, ContainerDouble>();
  let count = 0;
  const double: DockerDouble = {
    socketPath: join(folder, 'docker.sock'),
    containers,
    faults: [],
    requests: [],
    startMs: 0,
    stopMs: 5,
    crashes: false,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? '/', 'http://docker');
    const call = `${request.method} ${url.pathname}`;
    double.requests.push(call);
    const say = (status: number, body?: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const refuse = (status: number, message: string): void => {
      double.faults.push(`${call}: ${message}`);
      say(status, { message });
    };
    if (request.headers.host === undefined) return refuse(400, 'missing required Host header');
    if (call === 'GET /containers/json') {
      const { label = [] } = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] };
      const all = url.searchParams.get('all') === 'true';
      return say(
        200,
        [...containers.values()].filter(
          ({ Labels, State }) =>
            (all || State === 'running') &&
            label.every((each) => each.split('=')[1] === Labels[each.split('=')[0] ?? '']),
        ),
      );
    }
    if (call === 'POST /containers/create') {
      if (request.headers['content-type'] !== 'application/json') return refuse(400, 'not JSON');
      if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(url.searchParams.get('name') ?? ''))
        return refuse(400, 'name');
      const { Image, Labels = {} } = JSON.parse(text) as Partial<ContainerDouble>;
      if (Image !== 'classifier:1') return refuse(404, `No such image: ${Image}`);
      const Id = `c${++count}`;
      containers.set(Id, { Id, Created: count, State: 'created', Status: 'Created', Labels, Image });
      return say(201, { Id, Warnings: [] });
    }
    const [, , id = '', verb] = url.pathname.split('/');
    const container = containers.get(id);
    if (container === undefined) return refuse(404, `No such container: ${id}`);
    if (request.method === 'POST' && verb === 'start') {
      container.State = double.crashes ? 'restarting' : 'running';
      container.Status = double.startMs === 0 ? 'Up 1 second' : 'Up 1 second (health: starting)';
      if (double.startMs > 0) setTimeout(() => (container.Status = 'Up 2 seconds (healthy)'), double.startMs);
      return say(204);
    }
    if (request.method === 'POST' && verb === 'stop') {
      if (container.State !== 'running' && container.State !== 'restarting') return say(304);
      if (!/^\d+$/.test(url.searchParams.get('t') ?? '')) return refuse(400, 't');
      await new Promise((resolve) => setTimeout(resolve, double.stopMs));
      container.State = 'exited';
      return say(204);
    }
    if (request.method === 'DELETE') {
      if (container.State === 'running') return refuse(409, 'cannot remove a running container');
      containers.delete(id);
      return say(204);
    }
    return refuse(404, 'page not found');
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(double.socketPath);
  await once(server, 'listening');
  return double;
}
