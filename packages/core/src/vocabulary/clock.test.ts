import { spawnSync } from 'node:child_process';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from './clock.ts';

afterEach(() => vi.useRealTimers());

it('rejects a sleep that is aborted, before or while it lasts, with the given reason', async () => {
  const reason = new Error('enough');
  await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
});

it('sleeps at least as long as the monotonic clock says', async () => {
  const startMs = systemClock.monotonic?.() ?? 0;
  await systemClock.sleep(5);
  expect((systemClock.monotonic?.() ?? 0) - startMs).toBeGreaterThanOrEqual(4);
});

it('never keeps a process alive', () => {
  const url = new URL('./clock.ts', import.meta.url).href;
  const script = `import { systemClock } from '${url}'; void systemClock.sleep(1_000_000); console.log('end');`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ stdout, status }).toEqual({ stdout: 'end\n', status: 0 });
});

it.for([
  // ms          why the row is here
  [2 ** 31], // one more than a timer of Node can hold: it would fire at once
  [5 * 2 ** 31], // four months, as in a repeat interval
  [Number.POSITIVE_INFINITY], // "no time limit"
] as const)('sleeps for all of %s ms, however long', async ([ms]) => {
  vi.useFakeTimers();
  const onAwake = vi.fn();
  const giveUp = new AbortController();
  const sleeping = systemClock.sleep(ms, giveUp.signal).then(onAwake, () => {});
  await vi.advanceTimersByTimeAsync(Math.min(ms, 6 * 2 ** 31) - 1);
  expect(onAwake).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(onAwake).toHaveBeenCalledTimes(ms === Number.POSITIVE_INFINITY ? 0 : 1);
  giveUp.abort();
  await sleeping;
});
