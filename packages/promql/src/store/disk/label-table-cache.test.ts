import { expect, it } from 'vitest';
import { LabelTableCache } from './label-table-cache.ts';
import type { TableEntry } from './label-table.ts';

const table = (length: number): readonly TableEntry[] =>
  Array.from({ length }, () => ({ axis: 0, labels: { names: [], values: [], key: '' } }));

it('takes no table for another of the same length', () => {
  expect(LabelTableCache.keyOf(Buffer.from('ab'))).not.toBe(LabelTableCache.keyOf(Buffer.from('ba')));
  expect(LabelTableCache.keyOf(Buffer.from('ab'))).toBe(LabelTableCache.keyOf(Buffer.from('ab')));
});

it('forgets the tables that were not asked for the longest, but never the one just brought', () => {
  const cache = new LabelTableCache();
  for (const key of ['a', 'b']) cache.add(key, table(20_000));
  expect(cache.get('a')).toHaveLength(20_000);
  cache.add('c', table(20_000));
  expect([cache.get('a')?.length, cache.get('b'), cache.get('c')?.length]).toEqual([
    20_000,
    undefined,
    20_000,
  ]);
  cache.add('huge', table(60_000));
  expect([cache.get('a'), cache.get('huge')?.length]).toEqual([undefined, 60_000]);
});

it('keeps the first of two tables that two queries bring', () => {
  const cache = new LabelTableCache();
  const first = cache.add('a', table(1));
  expect(cache.add('a', table(1))).toBe(first);
});
