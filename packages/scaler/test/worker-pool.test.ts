import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { workerPool, type WorkerPool, type WorkerPoolOptions } from '../src/targets/worker-pool.ts';
import { targetConformance } from '../src/testing/target-conformance.ts';
import { startLoad } from './keep-alive-load.ts';

const script = new URL('replica-fixture.ts', import.meta.url);
const plainScript = new URL('plain-server-fixture.ts', import.meta.url);
const execArgv = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];
const never = new AbortController().signal;

interface Started {
  readonly pool: WorkerPool;
  readonly port: number;
  /** What the replicas sent. */
  readonly messages: readonly { readonly echo?: number; readonly pid?: number; readonly port?: number }[];
}

async function startPool(options: Partial<WorkerPoolOptions> = {}): Promise<Started> {
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
function ask(port: number, agent?: Agent, path = '/'): Promise<string> {
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and that nobody has asked about yet (a zombie) still takes signals.
    const status = existsSync('/proc/self/status') ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(status);
  } catch {
    return false;
  }
}

describe('workerPool', { timeout: 30_000 }, () => {
  it('scales 1 → 4 → 1 under load without a failed request', async () => {
    const { pool, port } = await startPool();
    const load = startLoad(port);
    for (const replicas of [4, 1, 3, 1]) {
      await pool.scaleTo(replicas, never);
      expect(await pool.observe(never)).toMatchObject({
        desired: replicas,
        ready: replicas,
        starting: 0,
        draining: 0,
      });
    }
    const report = await load.stop();
    expect(report.failures).toEqual([]);
    expect(report.answered).toBeGreaterThan(100);
    expect(report.pids.size).toBeGreaterThan(1);
  });

  it('answers a request that arrives on an idle keep-alive connection of a draining replica', async () => {
    const { pool, port } = await startPool({ env: { KEEP_ALIVE_MS: '3000' } });
    await pool.scaleTo(2, never);
    // One connection to each replica, both idle.
    const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    const before = [await ask(port, agents[0]), await ask(port, agents[1])];
    expect(new Set(before).size).toBe(2);
    const draining = pool.scaleTo(1, never);
    await vi.waitFor(async () => expect(await pool.observe(never)).toMatchObject({ draining: 1 }));
    expect([await ask(port, agents[0]), await ask(port, agents[1])]).toEqual(before);
    // The answer said `Connection: close`: the next one goes to the replica that stays.
    const after = [await ask(port, agents[0]), await ask(port, agents[1])];
    expect(new Set(after).size).toBe(1);
    await draining;
    for (const agent of agents) agent.destroy();
  });

  it('goes on when a replica cannot even be forked, and tries again', async () => {
    const env: Record<string, string> = {};
    const { pool, port } = await startPool({ env, restart: { initialMs: 20 } });
    env['TOO_LONG'] = 'x'.repeat(200_000); // longer than an environment variable may be
    ask(port, undefined, '/crash').catch(() => {});
    await vi.waitFor(async () => expect((await pool.observe(never)).crashLooping).toBe(1));
    await expect(pool.scaleTo(2, never)).rejects.toThrow('crash');
    delete env['TOO_LONG'];
    await vi.waitFor(async () => expect((await pool.observe(never)).ready).toBe(2), 5000);
  });

  it('drains a replica that was told to stop just before it could hear', async () => {
    const onMessage = vi.fn<(message: unknown) => void>();
    const late = new URL('late-replica-fixture.ts', import.meta.url);
    // Without hearing the drain it would be killed after this long only, and fail the test.
    const pool = workerPool({ script: late, execArgv, drainTimeoutMs: 60_000, onMessage });
    await vi.waitFor(() => expect(onMessage).toHaveBeenCalled(), 4000);
    await pool.close();
  });

  it('starts a crashed replica again', async () => {
    const exits: number[] = [];
    const { pool, port, messages } = await startPool({
      onExit: (id) => exits.push(id),
      restart: { initialMs: 10 },
    });
    await expect(ask(port, undefined, '/crash')).rejects.toThrow('socket hang up');
    await vi.waitFor(() => expect(messages).toHaveLength(2), 5000);
    await pool.ready();
    expect(exits).toHaveLength(1);
    expect(await ask(messages[1]?.port ?? 0)).toBe(String(messages[1]?.pid));
  });

  it('reports a crash loop rather than waiting for ever', async () => {
    const pool = workerPool({ script, execArgv, env: { CRASH: 'at-start' }, restart: { initialMs: 1 } });
    await expect(pool.ready()).rejects.toMatchObject({ name: 'WorkerPoolError', code: 'crash-loop' });
    expect(await pool.observe(never)).toMatchObject({ desired: 1, ready: 0, starting: 1, crashLooping: 1 });
    await pool.close();
  });

  it('kills and counts a replica that never becomes ready', async () => {
    const pool = workerPool({
      script,
      execArgv,
      env: { CRASH: 'never-ready' },
      readyTimeoutMs: 100,
      restart: { initialMs: 1 },
    });
    await expect(pool.ready()).rejects.toMatchObject({ code: 'crash-loop' });
    await pool.close();
  });

  it('cuts a connection that outlives the drain', async () => {
    const { pool, port } = await startPool({ drainTimeoutMs: 200 });
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    await Promise.all([pool.close(), once(socket, 'close')]);
    expect(socket.destroyed).toBe(true);
  });

  it('tells idle replicas from busy ones', async () => {
    const { pool, port } = await startPool({ idleAfterMs: 300 });
    await vi.waitFor(
      async () => expect(await pool.observe(never)).toMatchObject({ ready: 1, idle: 1 }),
      5000,
    );
    await ask(port);
    await vi.waitFor(
      async () => expect(await pool.observe(never)).toMatchObject({ ready: 1, idle: 0 }),
      5000,
    );
  });

  it('drains a script that knows nothing of pools', async () => {
    const { pool, port } = await startPool({ script: plainScript });
    await pool.scaleTo(2, never);
    expect(await ask(port)).toMatch(/^\d+$/);
    await pool.close();
  });

  it('lets two pools live in one process, each with its own replicas', async () => {
    const a = await startPool();
    const b = await startPool({ env: { PORT: String(await freePort()) } });
    expect(a.port).not.toBe(b.port);
    a.pool.broadcast({ ask: 'echo' });
    await vi.waitFor(() => expect(a.messages.at(-1)).toEqual({ echo: a.messages[0]?.pid }));
    expect(b.messages).toHaveLength(1);
  });

  it('refuses a second pool on the same port, which would get the first one’s requests', async () => {
    await startPool();
    const second = workerPool({ script, execArgv });
    await expect(second.ready()).rejects.toMatchObject({ code: 'port-taken' });
    await second.close();
  });

  it('leaves no orphan when the process of the pool is killed', async () => {
    const parent = fork(fileURLToPath(new URL('pool-fixture.ts', import.meta.url)), { execArgv });
    const [pids] = (await once(parent, 'message')) as [number[]];
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), 5000);
  });

  it('leaves stopping to the pool: a signal to the whole group ends no replica', async () => {
    const { pool, port, messages } = await startPool();
    for (const signal of ['SIGINT', 'SIGTERM']) process.kill(messages[0]?.pid ?? 0, signal);
    expect(await ask(port)).toBe(String(messages[0]?.pid));
    await pool.close();
  });

  it('leaves no process behind when closed, and refuses to scale from then on', async () => {
    const { pool, messages } = await startPool({ initialReplicas: 2 });
    await Promise.all([pool.close(), pool.close()]);
    expect(messages.map(({ pid = 0 }) => isAlive(pid))).toEqual([false, false]);
    await expect(pool.scaleTo(1, never)).rejects.toMatchObject({ code: 'closed' });
  });

  it('refuses a script that is not there', () => {
    expect(() => workerPool({ script: '/no/such/replica.js' })).toThrow(
      'cannot read the script /no/such/replica.js',
    );
  });

  targetConformance('workerPool', {
    it,
    create: () => workerPool({ script: plainScript, execArgv: [], drainTimeoutMs: 2000 }),
  });
});
