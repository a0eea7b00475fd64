import type { ScaleTarget } from '../targets/scale-target.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** Registers one test: `it` of vitest or jest, `test` of node:test. */
export type RegisterTest = (title: string, run: () => Promise<void>) => unknown;

export interface TargetConformanceSetup {
  /** Makes a fresh target with one replica, which `close` (if it has one) takes away again. */
  readonly create: () => ScaleTarget | Promise<ScaleTarget>;
  /** @defaultValue `test` of node:test */
  readonly it?: RegisterTest;
}

/** What every target must do. A third party's test is these three lines, with its own `create`. */
export function targetConformance(name: string, { create, it = test }: TargetConformanceSetup): void {
  const never = new AbortController().signal;
  const check = (title: string, run: (target: ScaleTarget) => Promise<void>): void => {
    it(`${name} as a target: ${title}`, async () => {
      const target = await create();
      try {
        await target.scaleTo(1, never);
        await run(target);
      } finally {
        await target.close?.();
      }
    });
  };

  check('when scaleTo resolves, that many are ready and none is left over', async (target) => {
    for (const replicas of [2, 1]) {
      await target.scaleTo(replicas, never);
      const { desired, ready, starting, draining } = await target.observe(never);
      assert.deepEqual(
        { desired, ready, starting, draining },
        { desired: replicas, ready: replicas, starting: 0, draining: 0 },
      );
    }
  });

  check('scaling to what is there changes nothing', async (target) => {
    const before = await target.observe(never);
    await target.scaleTo(1, never);
    assert.equal((await target.observe(never)).ready, before.ready);
  });

  check('steps one after the other end where the last one says', async (target) => {
    for (const replicas of [3, 1, 2]) await target.scaleTo(replicas, never);
    const { desired, ready } = await target.observe(never);
    assert.deepEqual({ desired, ready }, { desired: 2, ready: 2 });
  });

  check('looking changes nothing, and looks agree', async (target) => {
    const looks = await Promise.all([target.observe(never), target.observe(never)]);
    for (const { desired, ready, starting } of [...looks, await target.observe(never)]) {
      assert.deepEqual({ desired, ready, starting }, { desired: 1, ready: 1, starting: 0 });
    }
  });

  check('closing twice is closing once', async (target) => {
    await Promise.all([target.close?.(), target.close?.()]);
  });

  check('what is wanted is known at once, what is ready only when it is', async (target) => {
    const scaling = target.scaleTo(2, never);
    const { desired, ready, starting } = await target.observe(never);
    assert.equal(desired, 2);
    assert.equal(ready + starting, 2);
    await scaling;
  });

  check('a later call takes over from an earlier one', async (target) => {
    const calls = [target.scaleTo(3, never), target.scaleTo(2, never)];
    await Promise.allSettled(calls);
    const { desired, ready } = await target.observe(never);
    assert.deepEqual({ desired, ready }, { desired: 2, ready: 2 });
  });

  check('an aborted call rejects with the reason of the caller', async (target) => {
    await assert.rejects(target.scaleTo(2, AbortSignal.abort(new Error('no longer'))), /no longer/);
    assert.equal((await target.observe(never)).desired, 1);
  });

  check('a count that makes no sense is refused', async (target) => {
    for (const replicas of [-1, 1.5, Number.NaN]) await assert.rejects(target.scaleTo(replicas, never));
    assert.equal((await target.observe(never)).desired, 1);
  });

  check('counts are whole numbers from 0, and idle ones are ready ones', async (target) => {
    const { desired, ready, starting, draining, idle = 0 } = await target.observe(never);
    for (const count of [desired, ready, starting, draining, idle]) {
      assert.ok(Number.isInteger(count) && count >= 0, `${count} is a count`);
    }
    assert.ok(idle <= ready);
  });
}
