import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { workerPool } from '../src/targets/worker-pool.ts';
import { startLoad } from './keep-alive-load.ts';
import { ask, execArgv, isAlive, never, startPool } from './start-pool.ts';

// All that takes its time: worker-pool.integration.test.ts.
describe('workerPool', () => {
  it('scales 1 → 2 → 1 under load without a failed request', async () => {
    const { pool, port } = await startPool();
    const load = startLoad(port);
    for (const replicas of [2, 1]) {
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

  it('leaves no orphan when the process of the pool is killed', async () => {
    const parent = fork(fileURLToPath(new URL('pool-fixture.ts', import.meta.url)), { execArgv });
    const [pids] = (await once(parent, 'message')) as [number[]];
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), 5000);
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
});
