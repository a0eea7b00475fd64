import { manualClock } from '@tidewatch/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAlarm } from './alarm.ts';

/** An alarm on standing time, with the moments at which it rang. */
function setUp() {
  const clock = manualClock(0);
  const rang: number[] = [];
  let sleeps = 0;
  const counting = {
    ...clock,
    sleep: (ms: number, signal?: AbortSignal) => {
      sleeps++;
      return clock.sleep(ms, signal);
    },
  };
  const alarm = createAlarm(counting, () => rang.push(clock.now()));
  return { alarm, clock, rang, sleeps: () => sleeps };
}

it('rings once, when it was set to', async () => {
  const { alarm, clock, rang } = setUp();
  alarm.set(10);
  await clock.advance(100);
  expect(rang).toEqual([10]);
});

it('keeps to the last setting, be it earlier or later, and to none once cleared', async () => {
  const { alarm, clock, rang } = setUp();
  alarm.set(10);
  alarm.set(50);
  await clock.advance(49);
  expect(rang).toEqual([]);
  await clock.advance(1);
  alarm.set(1000);
  alarm.set(5);
  await clock.advance(5);
  alarm.set(5);
  alarm.clear();
  await clock.advance(10_000);
  expect(rang).toEqual([50, 55]);
});

it('is set a thousand times with one sleeper', () => {
  const { alarm, sleeps } = setUp();
  for (let i = 0; i < 1000; i++) alarm.set(10);
  expect(sleeps()).toBe(1);
});

it('rings in time whatever the wall clock does', async () => {
  const { alarm, clock, rang } = setUp();
  alarm.set(10);
  clock.jumpTo(-3_600_000);
  await clock.advance(3_600_010); // the sleepers of a manual clock go by the wall
  expect(rang).toHaveLength(1);
});

it('rings exactly when the last setting says, however often it is set', async () => {
  const steps = fc.array(fc.record({ waitMs: fc.nat(20), delayMs: fc.integer({ min: 1, max: 20 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (settings) => {
      const { alarm, clock, rang } = setUp();
      const expected: number[] = [];
      let dueMs = Infinity;
      for (const { waitMs, delayMs } of settings) {
        if (dueMs <= clock.now() + waitMs) expected.push(dueMs);
        await clock.advance(waitMs);
        alarm.set(delayMs);
        dueMs = clock.now() + delayMs;
      }
      await clock.advance(100);
      expect(rang).toEqual([...expected, dueMs]);
    }),
    { numRuns: 40 },
  );
});
