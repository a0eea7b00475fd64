import { expect, it } from 'vitest';
import { ColumnCache } from './column-cache.ts';

const column = { values: new Float64Array(2 ** 20), flags: new Uint8Array(2 ** 20) }; // 9 MB of the 64

it('forgets the columns that were not asked for the longest', () => {
  const cache = new ColumnCache();
  for (let place = 0; place < 7; place++) cache.add(1, place, column);
  expect(cache.get(1, 0)).toBe(column);
  cache.add(1, 7, column);
  expect(cache.get(1, 1)).toBeUndefined();
  expect(cache.get(1, 0)).toBe(column);
});

it('counts a column once that two queries bring', () => {
  const cache = new ColumnCache();
  for (let query = 0; query < 10; query++) cache.add(1, 0, column);
  cache.add(1, 1, column);
  expect(cache.get(1, 0)).toBe(column);
});

it('keeps the places of two segments apart', () => {
  const cache = new ColumnCache();
  cache.add(1, 2, column);
  expect(cache.get(2, 1)).toBeUndefined();
  expect(cache.get(2, 2)).toBeUndefined();
});

it.for([
  ['a day of 1,000 series', 12 * 1_000, 5_760 * 1_000, true],
  ['a day of 5,000 series, which would push out all others', 12 * 5_000, 5_760 * 5_000, false],
  ['a million of columns that are nearly empty', 1_000_000, 0, false],
] as const)('has room for %s: %s columns, %s slots: %s', ([, columns, slots, fits]) => {
  expect(ColumnCache.fits(columns, slots)).toBe(fits);
});
