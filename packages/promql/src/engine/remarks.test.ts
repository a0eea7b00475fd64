import { expect, it } from 'vitest';
import { engineOver } from '../testing/engine-over.ts';

const times = [0, 15_000, 30_000, 45_000, 60_000];
const series = [
  { labels: { __name__: 'gauge' }, t: times, v: [1, 2, 3, 4, 5] },
  { labels: { __name__: 'phi' }, t: times, v: [0.5, 2, 3, -1, 0.5] },
  { labels: { __name__: 'odd' }, t: times, v: [2, Number.NaN, 3, 2, 2] },
];

it.for([
  // asked over 60 s                       remarks                       why the row is here
  ['rate(gauge[30s])', ['_bucket: "gauge"']],
  ['rate(gauge[15s])', []], //                                           one sample a window: there is no answer
  ['rate(sum_over_time(gauge[30s])[1m:15s])', []], //                    the name is gone: nothing is known
  ['irate(gauge[30s])', []],
  ['quantile_over_time(2, gauge[30s])', ['got 2']],
  ['quantile_over_time(2, nothing[30s])', []], //                        nothing is asked
  ['quantile_over_time(scalar(phi), gauge[30s])', ['got -1', 'got 2', 'got 3']],
  ['quantile(scalar(phi), gauge)', ['got -1', 'got 3']], //              an aggregation tells the extremes
  ['quantile(scalar(odd), gauge)', ['got NaN']], //                      NaN alone
  ['quantile(0.5, gauge)', []],
] as const)('%s is remarked with %j', async ([query, expected]) => {
  const { warnings = [], infos = [] } = await engineOver(series).range(query, 0, 60_000, 15_000);
  const found = [...warnings, ...infos].toSorted();
  expect(found).toEqual(expected.map((end) => expect.stringContaining(end) as string));
});
