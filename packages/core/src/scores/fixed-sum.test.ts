import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FixedSum } from './fixed-sum.ts';
import { MeanSum } from './mean-sum.ts';

it('does not drift: a tenth added ten million times is a million', () => {
  const sum = new FixedSum();
  for (let i = 0; i < 1e7; i += 1) sum.add(0.1);
  expect(sum.value).toBe(1e6);
});

it('is exact past 2^53 billionths', () => {
  const sum = new FixedSum();
  for (let i = 0; i < 100; i += 1) sum.add(1e6);
  for (let i = 0; i < 3; i += 1) sum.add(1e-9);
  expect(sum.toJSON()).toEqual([Number((10n ** 17n + 3n) % 2n ** 52n), Number(10n ** 17n / 2n ** 52n)]);
});

it('carries over what was merged, and merges what was carried over', () => {
  const sum = new FixedSum();
  for (let i = 0; i < 10; i += 1) {
    const part = new FixedSum();
    for (let j = 0; j < 10; j += 1) part.add(1e6);
    sum.merge(part);
  }
  expect(sum.value).toBe(1e8);
  expect(sum.toJSON()[0]).toBeLessThan(2 ** 52);
});

it('is the same in whatever order it is added up', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(values, values, (one, other) => {
      const sums = [one, other].map((part) => {
        const sum = new FixedSum();
        for (const value of part) sum.add(value);
        return sum;
      });
      const all = new FixedSum();
      for (const value of [...other, ...one].toReversed()) all.add(value);
      const merged = new FixedSum();
      for (const sum of sums) merged.merge(sum);
      expect(merged.toJSON()).toEqual(all.toJSON());
    }),
  );
});

it('has a mean with an interval, and none of nothing', () => {
  const sum = new MeanSum();
  expect(sum.mean()).toBeUndefined();
  for (const value of [0, 1, 0, 1]) sum.add(value);
  // Standard deviation 0.577 of a sample of four: ± 1.96 · 0.577 / 2.
  expect(sum.mean()).toEqual({ value: 0.5, low: 0, high: expect.closeTo(1.0658, 4), n: 4 });
});
