import { expect, it } from 'vitest';
import { ColumnSlab } from './column-slab.ts';

it('cuts columns that do not touch each other', () => {
  const slab = new ColumnSlab(3);
  const columns = Array.from({ length: 600 }, () => slab.cut());
  for (const [number, { values, flags }] of columns.entries()) {
    values.fill(number + 1);
    flags.fill((number % 250) + 1);
  }
  for (const [number, { values, flags, gapless }] of columns.entries()) {
    expect([...values, ...flags, gapless]).toEqual([
      ...Array.from({ length: 3 }, () => number + 1),
      ...Array.from({ length: 3 }, () => (number % 250) + 1),
      0,
    ]);
  }
});

it('takes no more than it needs for a source of one series, and bounded pieces for one of many', () => {
  const slab = new ColumnSlab(120);
  const bytes = Array.from({ length: 1_000 }, () => slab.cut().values.buffer.byteLength);
  expect(bytes[0]).toBe(120 * 8);
  expect(Math.max(...bytes)).toBe(256 * 120 * 8);
});
