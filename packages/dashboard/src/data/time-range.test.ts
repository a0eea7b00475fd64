import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRangeId, planSteps, rangeIds, windowOf } from './time-range.ts';

it.for(['', '2h', '15M', 'constructor', '__proto__'])('%j, from an URL, is no range', (value) => {
  expect(isRangeId(value)).toBe(false);
});

it('plans whole steps on a grid that does not move, and never more points than pixels', () => {
  const range = fc.constantFrom(...rangeIds);
  fc.assert(
    fc.property(range, fc.nat(2 ** 41), fc.integer({ min: 1, max: 60_000 }), (id, nowMs, sampleMs) => {
      const { startMs, endMs, stepMs } = planSteps(id, nowMs, sampleMs);
      expect(endMs % stepMs).toBe(0);
      expect((endMs - startMs) % stepMs).toBe(0);
      expect(endMs).toBeLessThanOrEqual(nowMs);
      expect(nowMs - endMs).toBeLessThan(stepMs);
      expect(endMs - startMs).toBeLessThanOrEqual(windowOf(id));
      expect((endMs - startMs) / stepMs).toBeLessThanOrEqual(400);
      expect(stepMs).toBeGreaterThanOrEqual(sampleMs);
    }),
  );
});
