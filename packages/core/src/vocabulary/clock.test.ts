import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';

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
