import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cpuUtilization, readCpuTimes } from './cpu-times.ts';

it.for([
  // busy before/after  total before/after   share       why the row is here
  [100, 150, 1000, 1200, 0.25],
  [100, 100, 1000, 1200, 0], //                          idle is a value
  [100, 300, 1000, 1200, 1],
  [100, 100, 1000, 1000, undefined], //                  no time passed
  [100, 50, 1000, 500, undefined], //                    a processor was taken away
] as const)('busy %i → %i of %i → %i ms is %s', ([busyBefore, busyAfter, totalBefore, totalAfter, share]) => {
  const before = { busyMs: busyBefore, totalMs: totalBefore };
  expect(cpuUtilization(before, { busyMs: busyAfter, totalMs: totalAfter })).toBe(share);
});

it('stays within 0 and 1, whatever is counted', () => {
  const times = fc.record({ busyMs: fc.integer(), totalMs: fc.integer() });
  fc.assert(
    fc.property(times, times, (before, after) => {
      const share = cpuUtilization(before, after) ?? 0;
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }),
  );
});

it('reads this machine: it has been on, and not only busy', () => {
  const { busyMs, totalMs } = readCpuTimes();
  expect(busyMs).toBeGreaterThan(0);
  expect(totalMs).toBeGreaterThan(busyMs);
});
