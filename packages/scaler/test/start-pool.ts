import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { get, type Agent } from 'node:http';
import { expect, onTestFinished, vi } from 'vitest';
import { workerPool, type WorkerPool, type WorkerPoolOptions } from '../src/targets/worker-pool.ts';

export const script: URL = new URL('replica-fixture.ts', import.meta.url);
export const plainScript: URL = new URL('plain-server-fixture.ts', import.meta.url);
export const execArgv: string[] = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];
export const never: AbortSignal = new AbortController().signal;

export interface Started {
  readonly pool: WorkerPool;
  readonly port: number;
  /** What the replicas sent. */
  readonly messages: readonly { readonly echo?: number; readonly pid?: number; readonly port?: number }[];
}

export async function startPool(options: Partial<WorkerPoolOptions> = {}): Promise<Started> {
  const messages: { port?: number; pid?: number }[] = [];
  const onMessage = (message: unknown): void => {
    messages.push(message as object);
  };
  // Longer than the test may take: a drain that is only ended by its timeout fails.
  const pool = workerPool({ script, execArgv, drainTimeoutMs: 60_000, onMessage, ...options });
  onTestFinished(() => pool.close());
  await pool.ready();
  await vi.waitFor(() => expect(messages[0]?.port).toBeDefined());
  return { pool, port: messages[0]?.port ?? 0, messages };
}

/** One request; resolves with the process id that answered, or rejects. */
export function ask(port: number, agent?: Agent, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: agent ?? false, path }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(body));
      response.on('error', reject);
    }).on('error', reject);
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

export function isAlive(pid: number): boolean {
  try {
    // A process that has ended and that nobody has asked about yet (a zombie) still takes signals.
    const status = existsSync('/proc/self/status') ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(status);
  } catch {
    return false;
  }
}
