import { once } from 'node:events';
import { connect } from 'node:net';
import { Agent } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { workerPool } from '../src/targets/worker-pool.ts';
import { targetConformance } from '../src/testing/target-conformance.ts';
import { startLoad } from './keep-alive-load.ts';
import { ask, execArgv, freePort, never, plainScript, script, startPool } from './start-pool.ts';

// The first of them: worker-pool.test.ts.
describe('workerPool', () => {
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

  it('leaves stopping to the pool: a signal to the whole group ends no replica', async () => {
    const { pool, port, messages } = await startPool();
    for (const signal of ['SIGINT', 'SIGTERM']) process.kill(messages[0]?.pid ?? 0, signal);
    expect(await ask(port)).toBe(String(messages[0]?.pid));
    await pool.close();
  });

  targetConformance('workerPool', {
    it,
    create: () => workerPool({ script: plainScript, execArgv: [], drainTimeoutMs: 2000 }),
  });
});
