import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GpuReason } from './gpu-status.ts';
import { countCrash, retryDelayMs } from './retry-delay.ts';

it.for([
  // reason           failures  delay ms     why the row is here
  [undefined, 1, 10_000], //                 all well: the interval
  ['devices-lost', 9, 10_000], //            the other GPUs must not wait
  ['no-gpu', 1, 600_000], //                 plugged in some day
  ['no-gpu', 9, 600_000],
  ['driver-mismatch', 1, 60_000],
  ['driver-mismatch', 3, 240_000],
  ['driver-mismatch', 50, 900_000], //       never beyond a quarter of an hour
  ['read-timed-out', 2, 120_000],
  ['helper-crashed', 1, 1_000],
  ['helper-crashed', 4, 8_000],
  ['ffi-not-installed', 1, undefined], //    cannot heal in this process
  ['helper-gave-up', 1, undefined],
  ['off', 1, undefined],
] as const)('after %s, %i times in a row, it waits %s ms', ([reason, failures, delayMs]) => {
  expect(retryDelayMs(reason, failures, 10_000)).toBe(delayMs);
});

it('never waits less after more failures', () => {
  const reasons = fc.constantFrom<GpuReason>('driver-mismatch', 'helper-crashed', 'driver-failed', 'no-gpu');
  fc.assert(
    fc.property(reasons, fc.integer({ min: 1, max: 5000 }), (reason, failures) => {
      const now = retryDelayMs(reason, failures, 10_000) ?? 0;
      const later = retryDelayMs(reason, failures + 1, 10_000) ?? 0;
      expect(later).toBeGreaterThanOrEqual(now);
      expect(Number.isFinite(later)).toBe(true);
    }),
  );
});

it.for([
  // crashes at minute            gives up  why the row is here
  [[0, 1, 2, 3, 4], true], //               five within ten minutes
  [[0, 1, 2, 3], false],
  [[0, 1, 2, 3, 10], false], //             the first has left the window
  [[0, 3, 6, 9, 12, 15, 18], false], //     rare crashes go on for ever
] as const)('crashes at minutes %j give up: %s', ([minutes, givesUp]) => {
  let counted: ReturnType<typeof countCrash> = { crashesMs: [], givesUp: false };
  for (const minute of minutes) counted = countCrash(counted.crashesMs, minute * 60_000);
  expect(counted.givesUp).toBe(givesUp);
  expect(counted.crashesMs.length).toBeLessThanOrEqual(5);
});
