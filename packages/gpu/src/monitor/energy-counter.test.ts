import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { countEnergy, type CountedEnergy } from './energy-counter.ts';

/** Counts one GPU through a list of the driver's own totals; `undefined` is a missing reading. */
function total(joules: readonly (number | undefined)[]): number | undefined {
  let counted: ReadonlyMap<string, CountedEnergy> = new Map();
  for (const energyJoules of joules) {
    const values = energyJoules === undefined ? {} : { energyJoules };
    counted = countEnergy(counted, [fakeDevice({ uuid: 'GPU-1', ...values })]);
  }
  return counted.get('GPU-1')?.totalJoules;
}

it.for([
  // driver says               we count   why the row is here
  [[1000], 0], //                         only what happens while we watch
  [[1000, 1300], 300],
  [[1000, undefined, 1300], 300], //      a gap is caught up
  [[1000, 1300, 50, 80], 380], //         driver reloaded: it began again at 0
  [[1000, Number.NaN, Infinity, 1300], 300], // no number at all is a gap, too
  [[undefined], undefined], //            never read: absent, not 0
] as const)('%j counts %s J', ([joules, expected]) => {
  expect(total(joules)).toBe(expected);
});

it('never falls, whatever the driver says', () => {
  const anyTotal = fc.double({ min: 0, max: 1e15, noNaN: true });
  const driver = fc.array(fc.option(anyTotal, { nil: undefined }));
  fc.assert(
    fc.property(driver, anyTotal, (joules, next) => {
      expect(total([...joules, next]) ?? 0).toBeGreaterThanOrEqual(total(joules) ?? 0);
    }),
  );
});

it('remembers no more than 256 GPUs and keeps those that are there', () => {
  let counted: ReadonlyMap<string, CountedEnergy> = new Map();
  for (let i = 0; i < 1000; i++) {
    counted = countEnergy(counted, [fakeDevice({ uuid: `GPU-${i}`, energyJoules: 1 })]);
  }
  expect(counted.size).toBe(256);
  expect(counted.has('GPU-999')).toBe(true);
});
