import { expect, it } from 'vitest';
import { engineOver, type FixtureSeries } from '../src/testing/index.ts';

const NOW_MS = 1_700_006_400_000;

function series(labels: Record<string, string>, values: readonly number[]): FixtureSeries {
  return { labels, t: values.map((_, at) => NOW_MS - (values.length - 1 - at) * 15_000), v: values };
}

const data = [
  series({ __name__: 'g', x: '1' }, [4, 2, 7, 5]),
  series({ __name__: 'h', x: '1' }, [4, 2, 7, 5]),
  series({ __name__: 'restarts_total' }, [1e300, 3, 1, 2]),
  series({ __name__: 'infinite_total' }, [Infinity, Infinity]),
  series({ __name__: 'odd' }, [5, Number.NaN, 1, 3]),
  series({ __name__: 'before_1970' }, [-0.5]),
  series({ __name__: 'large', x: '1' }, [1e9 + 0.1]),
  series({ __name__: 'large', x: '2' }, [1e9 + 0.2]),
  series({ __name__: 'large', x: '3' }, [1e9 + 0.5]),
];

/** Welford's recurrence as written in 1962, without compensation. */
function plainVariance(values: readonly number[]): number {
  let mean = 0;
  let squares = 0;
  for (const [at, value] of values.entries()) {
    const delta = value - mean;
    mean += delta / (at + 1);
    squares += delta * (value - mean);
  }
  return squares / values.length;
}

/** Each was answered differently by Prometheus 3.5.3; see test/fuzz. */
it.for([
  [
    'absent_over_time of two names with equal labels is empty, not a collision',
    'absent_over_time({x="1"}[5m])',
    [],
  ],
  ['a smoothing factor of NaN is let through', 'double_exponential_smoothing(g[1m], NaN, 0.5)', ['NaN']],
  ['a trend factor of NaN is let through', 'double_exponential_smoothing(g[1m], 0.5, NaN)', ['NaN']],
  ['+Inf as the lower bound wins over a NaN upper one', 'clamp(g, Inf, NaN)', ['+Inf']],
  ['-Inf as the upper bound wins over a value of NaN', 'clamp_max(g * NaN, -Inf)', ['-Inf']],
  ['a NaN bound makes NaN of anything finite', 'clamp_min(g, NaN)', ['NaN']],
  ['half a second before 1970 is 1970: dates cut towards zero', 'year(before_1970)', ['1970']],
  ['NaN sorts before numbers in the median and in the deviations', 'mad_over_time(odd[1m])', ['1']],
  // 2 - 1e300 + 1e300 + 3, each sum rounded: 3 in 45 s, extended to 60 s.
  ['restarts are added one by one', 'increase(restarts_total[1m])', ['4']],
  [
    'stdvar rounds as the plain recurrence',
    'stdvar(large)',
    [String(plainVariance([1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.5]))],
  ],
] as const)('%s', async ([, expr, values]) => {
  const answer = await engineOver(data, { experimental: true }).instant(expr, NOW_MS);
  if (answer.resultType !== 'vector') throw new Error(`is a ${answer.resultType}`);
  expect(answer.result.map(({ value }) => value[1])).toEqual(values);
});

it('takes the name off the samples of a subquery under delayed name removal', async () => {
  const engine = engineOver(data, { nameRemoval: 'delayed' });
  const { result } = await engine.instant('(-g)[1m:30s]', NOW_MS);
  expect(result).toMatchObject([{ metric: { x: '1' } }]);
  expect(result).not.toMatchObject([{ metric: { __name__: 'g' } }]);
});

it.for([
  ['without it', 'sum_over_time(h[30s]) or h', { x: '1' }],
  ['with it', 'sum_over_time(h[30s] offset 1m) or h', { __name__: 'h', x: '1' }],
] as const)(
  'keeps the name of a joined series that began %s, under delayed removal',
  async ([, expr, metric]) => {
    const engine = engineOver(data, { nameRemoval: 'delayed' });
    const { result } = await engine.range(expr, NOW_MS, NOW_MS + 60_000, 30_000);
    expect(result).toEqual([expect.objectContaining({ metric })]);
  },
);
