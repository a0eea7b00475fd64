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
  expect(printedBy("void systemClock.sleep(1_000_000); console.log('end');")).toBe('end\n');
});

it.for([
  // ms            why the row is here
  ['2147483648'], // one more than a timer of Node can hold: it would fire at once
  ['10737418240'], // four months, as in a repeat interval
  ['Infinity'], // "no time limit"
] as const)('sleeps for all of %s ms, however long', ([ms]) => {
  const lines = `
    const { mock } = await import('node:test');
    mock.timers.enable({ apis: ['setTimeout'] });
    const longest = 2 ** 31 - 1;
    const advance = async (ms) => {
      for (let restMs = ms; restMs > 0; restMs -= longest) {
        mock.timers.tick(Math.min(restMs, longest));
        await new Promise(setImmediate);
      }
    };
    let isAwake = false;
    void systemClock.sleep(${ms}).then(() => { isAwake = true; });
    await advance(Math.min(${ms}, 6 * 2 ** 31) - 1);
    console.log(isAwake);
    await advance(1);
    console.log(isAwake);`;
  expect(printedBy(lines)).toBe(ms === 'Infinity' ? 'false\nfalse\n' : 'false\ntrue\n');
});

/** A process of its own: whatever else runs in this one would run on the mocked timers too, for four months. */
function printedBy(lines: string): string {
  const url = new URL('./clock.ts', import.meta.url).href;
  const script = `import { systemClock } from '${url}';\n${lines}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}
