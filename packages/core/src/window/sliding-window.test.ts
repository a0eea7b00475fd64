import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlidingWindow } from './sliding-window.ts';

it('holds exactly the events of its slices, at every instant, in whatever order they come', () => {
  const step = fc.record({
    forwardMs: fc.nat(700),
    ageMs: fc.nat(1_500),
    asked: fc.subarray([100, 300, 500, 1_000]),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const window = new SlidingWindow([300, 100, 1_000], 100); // and 500 is added up anew
      const accepted: number[] = [];
      let nowMs = -2_000; // times before 1970 are times too
      for (const { forwardMs, ageMs, asked } of steps) {
        nowMs += forwardMs;
        const eventMs = nowMs - ageMs;
        const slices = window.at(eventMs, nowMs);
        for (const slice of slices) {
          slice.predictions += 1;
          slice.confusion.add(accepted.length);
        }
        expect(slices.length === 0).toBe(Math.floor(eventMs / 100) <= Math.floor(nowMs / 100) - 10);
        accepted.push(slices.length === 0 ? Number.NaN : eventMs);
        for (const windowMs of asked) {
          const oldest = Math.floor(nowMs / 100) - windowMs / 100 + 1;
          const inside = accepted.flatMap((timeMs, number) =>
            Math.floor(timeMs / 100) >= oldest ? [number] : [],
          );
          const sum = window.sum(windowMs, nowMs);
          expect(sum.predictions).toBe(inside.length);
          expect([...sum.confusion.entries()]).toEqual(inside.map((number) => [number, 1]));
        }
      }
    }),
  );
});

it('touches one slice for an event on time, whatever windows were asked for', () => {
  const window = new SlidingWindow([300, 1_000], 100);
  for (let nowMs = 0; nowMs < 5_000; nowMs += 50) {
    expect(window.at(nowMs, nowMs)).toHaveLength(1);
    window.sum(300, nowMs);
    window.sum(1_000, nowMs);
  }
  expect(window.at(4_850, 4_950)).toHaveLength(3); // late: its slice is in both sums
});

it('has a hundred slices of a hundredth, whatever the length', () => {
  for (let spanMs = 1; spanMs <= 1_000; spanMs += 1) {
    const window = new SlidingWindow([spanMs], spanMs / 100);
    expect(-window.startMs(spanMs, 0) / (spanMs / 100)).toBeCloseTo(99, 6);
  }
});

it('refuses an event of the future: it would take the place of one that still counts', () => {
  expect(new SlidingWindow([1_000], 100).at(200, 0)).toEqual([]);
});
