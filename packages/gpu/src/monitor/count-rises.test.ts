import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countRises, type CountedRise } from './count-rises.ts';

/** Counts one counter through a list of the driver's own totals; `undefined` is a missing reading. */
function total(values: readonly (number | undefined)[]): number | undefined {
  let counted: ReadonlyMap<string, CountedRise> = new Map();
  for (const value of values) counted = countRises(counted, value === undefined ? [] : [['GPU-1', value]]);
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

it('remembers no more than 4096 counters and keeps those that are there', () => {
  let counted: ReadonlyMap<string, CountedRise> = new Map();
  for (let i = 0; i < 5000; i++) counted = countRises(counted, [[`GPU-${i}`, 1]]);
  expect(counted.size).toBe(4096);
  expect(counted.has('GPU-4999')).toBe(true);
});
