import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planDay } from '../src/demo/timeline.ts';

it('plans ninety seconds', () => {
  expect(planDay(90)).toEqual({
    dayMs: 90_000,
    troubleFromMs: 37_800,
    troubleUntilMs: expect.closeTo(61_200, 6),
    windowMs: 6_000,
  });
});

it('takes three minutes when no length is given', () => {
  expect(planDay().dayMs).toBe(180_000);
});

it('leaves time to see the fall, the trouble and the recovery, however short or long the day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 86_400 }), (seconds) => {
      const { dayMs, troubleFromMs, troubleUntilMs, windowMs } = planDay(seconds);
      expect(windowMs).toBeGreaterThanOrEqual(5_000);
      expect(troubleFromMs).toBeGreaterThan(windowMs); // a full window of good answers comes first
      expect(troubleUntilMs - troubleFromMs).toBeGreaterThan(windowMs); // one of only bad ones
      expect(dayMs - troubleUntilMs).toBeGreaterThan(windowMs); // and one of good ones again
    }),
  );
});
