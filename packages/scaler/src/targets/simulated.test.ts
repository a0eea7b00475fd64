import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { targetConformance } from '../testing/target-conformance.ts';
import { simulatedTarget } from './simulated.ts';

targetConformance('simulated', { create: () => simulatedTarget(), it });

const never = new AbortController().signal;

it('takes its start-up time to become ready', async () => {
  const clock = manualClock();
  const target = simulatedTarget({ startupMs: 1000, clock });
  const scaling = target.scaleTo(3, never);
  await clock.advance(999);
  expect(await target.observe(never)).toMatchObject({ desired: 3, ready: 1, starting: 2 });
  await clock.advance(1);
  await scaling;
  expect(await target.observe(never)).toMatchObject({ ready: 3, starting: 0 });
});

it('goes on with the change when the waiting is aborted', async () => {
  const clock = manualClock();
  const target = simulatedTarget({ startupMs: 1000, clock });
  const stop = new AbortController();
  const scaling = target.scaleTo(3, stop.signal);
  stop.abort(new Error('no longer'));
  await expect(scaling).rejects.toThrow('no longer');
  await clock.advance(1000);
  expect(await target.observe(never)).toMatchObject({ desired: 3, ready: 3, starting: 0 });
});
