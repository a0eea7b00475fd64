import { expect, it, vi } from 'vitest';
import { settlingTarget } from './settling-target.ts';

const never = new AbortController().signal;

function setUp() {
  const told: number[] = [];
  let release = (): void => {};
  const state = { desired: 1, ready: 1, starting: 0, draining: 0, crashLooping: 0 };
  const target = settlingTarget({
    name: 'test',
    observe: async () => ({ ...state }),
    async change(replicas) {
      told.push(replicas);
      await new Promise<void>((resolve) => (release = resolve));
      Object.assign(state, { desired: replicas, ready: replicas });
    },
    pause: async () => {},
  });
  return { target, told, state, release: () => release() };
}

it('tells the target no number that a later one has overtaken', async () => {
  const { target, told, release } = setUp();
  const first = target.scaleTo(3, never);
  await vi.waitFor(() => expect(told).toEqual([3]));
  const later = [4, 5].map(async (replicas) => target.scaleTo(replicas, never));
  const looked = target.observe(never);
  release();
  await vi.waitFor(() => expect(told).toHaveLength(2));
  release();
  await Promise.all([first, ...later]);
  expect(told).toEqual([3, 5]);
  expect(await looked).toMatchObject({ desired: 5 }); // not older than what was asked before
});

it('goes on after a change that failed', async () => {
  const { target, told, release } = setUp();
  const stop = new AbortController();
  const first = target.scaleTo(3, stop.signal);
  stop.abort(new Error('no longer'));
  await expect(first).rejects.toThrow('no longer');
  const second = target.scaleTo(2, never);
  release();
  await vi.waitFor(() => expect(told).toEqual([3, 2]));
  release();
  await second;
});
