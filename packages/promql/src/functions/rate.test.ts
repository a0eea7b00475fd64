import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from './function-row.ts';
import { SampleWindow } from './sample-window.ts';
import { extrapolatedGrowth, instantRate, lastDifference, rate } from './rate.ts';

/** Samples 15 s apart, the first `firstS` seconds after the start of a window of 60 s. */
function windowOf(values: readonly number[], firstS = 15): Window {
  const times = Float64Array.from(values, (_, at) => (firstS + at * 15) * 1000);
  const window = new SampleWindow(times, Float64Array.from(values));
  return Object.assign(window, { to: values.length, endMs: 60_000, stepMs: 60_000 });
}

describe('extrapolatedGrowth', () => {
  it.each([
    // samples              first at  growth  why
    [[100, 110, 120, 130], 15, 40], //        30 in 45 s, extended to both ends of 60 s
    [[100, 110, 120], 15, 40], //             15 s before the end is still within 1.1 spacings
    [[100, 110], 15, 25], //                  30 s before the end is not: only half a spacing is added there
    [[10, 20, 30, 40], 15, 40], //            reaches 0 exactly at the start of the window
    [[5, 15, 25, 35], 15, 35], //             began at zero 7.5 s before its first sample
    [[100, 110, 5, 15], 15, (25 * 60) / 45], // a restart: 10, then 5 from zero, then 10
  ])('of a counter %j from %d s is %d', (values, firstS, expected) => {
    const growth = extrapolatedGrowth(windowOf(values, firstS), true);
    expect(growth).toBeCloseTo(expected, 9);
  });

  it('of a single sample is unknown, not zero', () => {
    expect(extrapolatedGrowth(windowOf([7]), true)).toBeUndefined();
  });

  it('of a gauge takes a fall for a fall', () => {
    expect(extrapolatedGrowth(windowOf([40, 30, 20, 10]), false)).toBeCloseTo(-40, 9);
  });

  it('is never negative for a counter, whatever it does', () => {
    const samples = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(samples, (values) => {
        expect(extrapolatedGrowth(windowOf(values), true)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

it('rate divides by the window, not by the part that has samples', () => {
  expect(rate(windowOf([100, 110]))).toBeCloseTo((10 * (15 + 15 + 7.5)) / 15 / 60, 9);
});

it.each([
  [[100, 130], 2, 30],
  [[100, 15], 1, 15], //     a restart: counted up from zero
])('the last two of %j: %d a second, %d in all', (values, perSecond, difference) => {
  expect(instantRate(windowOf(values))).toBe(perSecond);
  expect(lastDifference(windowOf(values), true)).toBe(difference);
});
