/** What a driver can do to its helper, for real. The first of them: helper-faults.test.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually, first, hang, setUp } from './fake-driver.ts';
import { hasGcc } from './gcc.ts';
import { isRunning } from './is-running.ts';

describe.skipIf(!hasGcc)('with a library compiled from C', () => {
  it('ends a helper that has not answered three times, and starts another', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml, clock } = await setUp(scenario);
    const { refreshed, pid } = await hang(gpu, nvml, scenario);
    await clock.advance(5_000);
    await refreshed;
    for (let i = 0; i < 2; i++) {
      expect(isRunning(pid)).toBe(true);
      const again = gpu.refresh();
      await clock.advance(5_000);
      expect(await again).toMatchObject({ state: 'stuck', reason: 'read-timed-out' });
    }
    await clock.advance(1_000); // it was asked to leave, and is told to
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await nvml.play(scenario);
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
  });

  it('never ends a helper that is late every time', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml, clock } = await setUp(scenario);
    const pids = new Set<number>();
    for (let i = 0; i < 4; i++) {
      const { refreshed, pid } = await hang(gpu, nvml, scenario);
      pids.add(pid);
      await clock.advance(5_000);
      await refreshed;
      await nvml.play(scenario);
      await sleep(50); // the library looks every 5 ms whether it may go on
    }
    expect((await gpu.refresh()).state).toBe('ok');
    expect(pids.size).toBe(1);
  });

  it('ends a helper that hangs while it leaves, so that helpers never pile up', async () => {
    const { gpu, nvml, clock } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [], fail: { nvmlDeviceGetCount_v2: 999 }, hang: ['nvmlShutdown'] });
    expect(await gpu.refresh()).toMatchObject({ reason: 'driver-failed' });
    const pid = await eventually(async () => {
      const pid = (await nvml.hangingProcess()) ?? 0;
      expect(isRunning(pid)).toBe(true);
      return pid;
    });
    const refreshed = gpu.refresh();
    await clock.advance(1_000);
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await refreshed;
    await nvml.play({ gpus: [first] });
    expect(await gpu.refresh()).toMatchObject({ state: 'ok' });
  });

  it('ends a helper that hangs while it leaves when the monitor is closed', async () => {
    const { gpu, nvml, clock } = await setUp({ gpus: [first] });
    await nvml.play({ gpus: [], fail: { nvmlDeviceGetCount_v2: 999 }, hang: ['nvmlShutdown'] });
    await gpu.refresh();
    const pid = await eventually(async () => {
      const pid = (await nvml.hangingProcess()) ?? 0;
      expect(isRunning(pid)).toBe(true);
      return pid;
    });
    const closed = gpu.close();
    await clock.advance(2_000);
    await closed;
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });

  it('leaves Ctrl-C to the service', async () => {
    const scenario = { gpus: [first] };
    const { gpu, nvml } = await setUp(scenario);
    const { refreshed, pid } = await hang(gpu, nvml, scenario);
    process.kill(pid, 'SIGINT');
    await nvml.play(scenario);
    expect((await refreshed).state).toBe('ok');
  });
});
