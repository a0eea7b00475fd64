import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlidingWindow } from './sliding-window.ts';

it('holds exactly the events of its slices, at every instant, in whatever order they come', () => {
  const step = fc.record({ forwardMs: fc.nat(700), ageMs: fc.nat(1_500) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(100, 300, 1_000), (steps, windowMs) => {
      const window = new SlidingWindow(1_000, 100);
      const accepted: number[] = [];
      let nowMs = -2_000; // times before 1970 are times too
      for (const { forwardMs, ageMs } of steps) {
        nowMs += forwardMs;
        const eventMs = nowMs - ageMs;
        const slice = window.at(eventMs, nowMs);
        if (slice !== undefined) {
          slice.predictions += 1;
          accepted.push(eventMs);
        }
        const oldest = Math.floor(nowMs / 100) - windowMs / 100 + 1;
        const expected = accepted.filter((timeMs) => Math.floor(timeMs / 100) >= oldest).length;
        expect(window.sum(windowMs, nowMs).predictions).toBe(expected);
        expect(slice === undefined).toBe(Math.floor(eventMs / 100) <= Math.floor(nowMs / 100) - 10);
      }
    }),
  );
});

it('has a hundred slices of a hundredth, whatever the length', () => {
  for (let spanMs = 1; spanMs <= 1_000; spanMs += 1) {
    const window = new SlidingWindow(spanMs, spanMs / 100);
    expect(-window.startMs(spanMs, 0) / (spanMs / 100)).toBeCloseTo(99, 6);
  }
});

it('refuses an event of the future: it would take the place of one that still counts', () => {
  expect(new SlidingWindow(1_000, 100).at(200, 0)).toBeUndefined();
});
