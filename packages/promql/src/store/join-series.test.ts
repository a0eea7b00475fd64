import { expect, it } from 'vitest';
import type { SelectedSeries } from '../engine/sample-source.ts';
import { NO_LABELS } from '../labels/label-set.ts';
import { SeriesJoin } from './join-series.ts';

function part(samples: Readonly<Record<number, number>>, staleAt?: number): SelectedSeries {
  const times = Float64Array.from(Object.keys(samples), Number);
  const series = { labels: NO_LABELS, times, values: Float64Array.from(Object.values(samples)) };
  return staleAt === undefined
    ? series
    : { ...series, stale: Uint8Array.from(times, (time) => Number(time === staleAt)) };
}

function joined(...parts: readonly SelectedSeries[]): string {
  const { times, values, stale } = new SeriesJoin().join(parts);
  return [...times].map((time, at) => `${time}:${stale?.[at] === 1 ? '†' : values[at]}`).join(' ');
}

it.for<[why: string, parts: readonly SelectedSeries[], expected: string]>([
  ['one part, as it is', [part({ 1: 10 })], '1:10'],
  ['one after the other', [part({ 1: 10, 2: 20 }), part({ 3: 30 })], '1:10 2:20 3:30'],
  [
    'the same time in both: the first keeps it',
    [part({ 1: 10, 2: 20 }), part({ 2: 99, 3: 30 })],
    '1:10 2:20 3:30',
  ],
  ['nothing new in the second', [part({ 1: 10, 2: 20 }), part({ 2: 99 }), part({ 3: 30 })], '1:10 2:20 3:30'],
  ['a stale mark in one of them', [part({ 1: 10, 2: 0 }, 2), part({ 3: 30 })], '1:10 2:† 3:30'],
  ['a stale mark that is left out', [part({ 1: 10, 2: 20 }), part({ 2: 0, 3: 30 }, 2)], '1:10 2:20 3:30'],
])('joins %s', ([, parts, expected]) => {
  expect(joined(...parts)).toBe(expected);
});

it('shares the times of neighbours that stand on the same axis', () => {
  const join = new SeriesJoin();
  const [older, newer] = [part({ 1: 10 }), part({ 2: 20 })];
  const first = join.join([older, newer]);
  expect(join.join([older, newer]).times).toBe(first.times);
  expect(join.join([older, part({ 2: 20 })]).times).not.toBe(first.times);
});
