import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countRise, type CountedRise } from './count-rise.ts';

/** Counts one counter through a list of the driver's own totals; `undefined` is a missing reading. */
function total(values: readonly (number | undefined)[]): number | undefined {
  const counted = new Map<string, CountedRise>();
  for (const value of values) {
    if (value !== undefined) countRise(counted, 'GPU-1', value);
  }
  return counted.get('GPU-1')?.total;
}

it.for([
  // driver says               we count   why the row is here
  [[1000], 0], //                         only what happens while we watch
  [[1000, 1300], 300],
  [[1000, undefined, 1300], 300], //      a gap is caught up
  [[1000, 1300, 50, 80], 380], //         driver reloaded: it began again at 0
  [[1000, Number.NaN, Infinity, 1300], 300], // no number at all is a gap, too
  [[undefined], undefined], //            never read: absent, not 0
] as const)('%j counts %s', ([values, expected]) => {
  expect(total(values)).toBe(expected);
});

it('never falls, whatever the driver says', () => {
  const anyTotal = fc.double({ min: 0, max: 1e15, noNaN: true });
  const driver = fc.array(fc.option(anyTotal, { nil: undefined }));
  fc.assert(
    fc.property(driver, anyTotal, (values, next) => {
      expect(total([...values, next]) ?? 0).toBeGreaterThanOrEqual(total(values) ?? 0);
    }),
  );
});

it('remembers no more than 256 counters and keeps those that are there', () => {
  const counted = new Map<string, CountedRise>();
  for (let i = 0; i < 1000; i++) {
    countRise(counted, `GPU-${i}`, 1);
    countRise(counted, 'GPU-0', i);
  }
  expect(counted.size).toBe(256);
  expect([counted.has('GPU-0'), counted.has('GPU-1'), counted.has('GPU-999')]).toEqual([true, false, true]);
});
