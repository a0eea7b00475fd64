import { once } from 'node:events';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { workerPool, WorkerPoolError, type WorkerPool, type WorkerPoolOptions } from '../src/targets/worker-pool.ts';
import { startLoad } from './keep-alive-load.ts';

const script = new URL('replica-fixture.ts', import.meta.url);
const execArgv = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];
const never = new AbortController().signal;

interface Started {
  readonly pool: WorkerPool;
  readonly port: number;
  readonly messages: unknown[];
}

async function startPool(options: Partial<WorkerPoolOptions> = {}): Promise<Started> {
  const messages: unknown[] = [];
  const listening = Promise.withResolvers<number>();
  const pool = workerPool({
    script,
    execArgv,
    drainTimeoutMs: 8000,
    onMessage: (message) => {
      messages.push(message);
      const { port } = message as { port?: number };
      if (port !== undefined) listening.resolve(port);
    },
    ...options,
  });
  return { pool, port: await listening.promise, messages };
}

describe('workerPool', () => {
  it('scales 1 → 4 → 1 under keep-alive load without a failed request', { timeout: 30_000 }, async () => {
    const { pool, port } = await startPool();
    await using _ = pool;
    await pool.ready();
    const load = startLoad(port);
    await pool.scaleTo(4, never);
    expect(await pool.observe(never)).toMatchObject({ desired: 4, ready: 4, starting: 0, draining: 0 });
    await pool.scaleTo(1, never);
    expect(await pool.observe(never)).toMatchObject({ desired: 1, ready: 1, starting: 0, draining: 0 });
    await pool.scaleTo(3, never);
    await pool.scaleTo(1, never);
    const report = await load.stop();
    expect(report.failures).toEqual([]);
    expect(report.answered).toBeGreaterThan(100);
    expect(report.pids.size).toBeGreaterThan(1);
  });
});
