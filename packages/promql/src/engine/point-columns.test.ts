import { expect, it } from 'vitest';
import { columnSeries, pointColumnsOf } from './point-columns.ts';

const times = Float64Array.of(1000, 2000, 3000);
const values = Float64Array.of(1, Number.NaN, 3);

it('shows points where there are any', () => {
  const series = columnSeries({ a: 'b' }, { times, values, present: Uint8Array.of(1, 1, 0) });
  const points = [
    { timeMs: 1000, value: 1 },
    { timeMs: 2000, value: Number.NaN },
  ];
  expect(series).toEqual({ labels: { a: 'b' }, points });
  expect({ ...series }).toEqual({ labels: { a: 'b' }, points });
  expect(series.points).toBe(series.points); // made once
  expect(columnSeries({}, { times, values }).points).toHaveLength(3);
});

it('hands out the columns themselves, and makes some for a series of somebody else', () => {
  const columns = { times, values };
  expect(pointColumnsOf(columnSeries({}, columns))).toBe(columns);
  expect(pointColumnsOf({ labels: {}, points: [{ timeMs: 5, value: 6 }] })).toEqual({
    times: Float64Array.of(5),
    values: Float64Array.of(6),
  });
});
