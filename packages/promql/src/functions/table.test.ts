import { expect, it } from 'vitest';
import { engineOver, type FixtureSeries } from '../testing/index.ts';
import { functionNames, functionRow } from './table.ts';

/** 3 Feb 2024 12:34:56 UTC. */
const NOW_MS = 1_706_963_696_000;

function series(labels: Record<string, string>, values: readonly number[]): FixtureSeries {
  const t = values.map((_, at) => NOW_MS - (values.length - 1 - at) * 15_000);
  return { labels, t, v: values };
}

const engine = engineOver(
  [
    series({ __name__: 'g', x: '1' }, [4, 2, 7, 5]),
    series({ __name__: 'c_total' }, [10, 25, 5, 20]), // one restart
    series({ __name__: 'line' }, [0, 15, 30, 45]), // one a second
    series({ __name__: 'half' }, [0.5]),
    series({ __name__: 'h_bucket', le: '1' }, [50]),
    series({ __name__: 'h_bucket', le: '2' }, [100]),
    series({ __name__: 'h_bucket', le: '+Inf' }, [100]),
  ],
  { experimental: true },
);

/** One example of every function: expression and value. A function without one fails the test below. */
const EXAMPLES: Readonly<Record<string, readonly [expr: string, value: number]>> = {
  abs: ['abs(-half)', 0.5],
  absent: ['absent(nothing)', 1],
  absent_over_time: ['absent_over_time(nothing[5m])', 1],
  acos: ['acos(half)', Math.acos(0.5)],
  acosh: ['acosh(half + 1)', Math.acosh(1.5)],
  asin: ['asin(half)', Math.asin(0.5)],
  asinh: ['asinh(half)', Math.asinh(0.5)],
  atan: ['atan(half)', Math.atan(0.5)],
  atanh: ['atanh(half)', Math.atanh(0.5)],
  avg_over_time: ['avg_over_time(g[1m])', 4.5],
  ceil: ['ceil(half)', 1],
  changes: ['changes(g[1m])', 3],
  clamp: ['clamp(g, 1, 3)', 3],
  clamp_max: ['clamp_max(g, 3)', 3],
  clamp_min: ['clamp_min(g, 6)', 6],
  cos: ['cos(half)', Math.cos(0.5)],
  cosh: ['cosh(half)', Math.cosh(0.5)],
  count_over_time: ['count_over_time(g[1m])', 4],
  day_of_month: ['day_of_month()', 3],
  day_of_week: ['day_of_week()', 6],
  day_of_year: ['day_of_year()', 34],
  days_in_month: ['days_in_month()', 29],
  deg: ['deg(half)', 90 / Math.PI],
  delta: ['delta(line[1m])', 60], // 45 in 45 s, extended to 60 s
  deriv: ['deriv(line[1m])', 1],
  double_exponential_smoothing: ['double_exponential_smoothing(line[1m], 0.5, 0.5)', 45],
  end: ['end()', NOW_MS / 1000],
  exp: ['exp(half)', Math.exp(0.5)],
  first_over_time: ['first_over_time(g[1m])', 4],
  floor: ['floor(half)', 0],
  histogram_quantile: ['histogram_quantile(0.75, h_bucket)', 1.5],
  hour: ['hour()', 12],
  idelta: ['idelta(g[1m])', -2],
  increase: ['increase(c_total[1m])', 45], // 15 + 5 + 15, and the 10 it had counted before its first sample
  irate: ['irate(c_total[1m])', 1],
  label_join: ['label_join(g, "y", "-", "x", "x")', 5],
  label_replace: ['label_replace(g, "y", "$1", "x", "(.*)")', 5],
  last_over_time: ['last_over_time(g[1m])', 5],
  ln: ['ln(half)', Math.log(0.5)],
  log10: ['log10(half)', Math.log10(0.5)],
  log2: ['log2(half)', -1],
  mad_over_time: ['mad_over_time(g[1m])', 1.5], // distances 0.5 2.5 2.5 0.5 from 4.5
  max_of: ['max_of(1, 2)', 2],
  max_over_time: ['max_over_time(g[1m])', 7],
  min_of: ['min_of(1, 2)', 1],
  min_over_time: ['min_over_time(g[1m])', 2],
  minute: ['minute()', 34],
  month: ['month()', 2],
  pi: ['pi()', Math.PI],
  predict_linear: ['predict_linear(line[1m], 60)', 105],
  present_over_time: ['present_over_time(g[1m])', 1],
  quantile_over_time: ['quantile_over_time(0.5, g[1m])', 4.5],
  rad: ['rad(half)', Math.PI / 360],
  range: ['range()', 0],
  rate: ['rate(line[1m])', 0.75], // not extended below zero: the counter began at the first sample
  resets: ['resets(c_total[1m])', 1],
  round: ['round(half)', 1], // ties go up
  scalar: ['scalar(g)', 5],
  sgn: ['sgn(-half)', -1],
  sin: ['sin(half)', Math.sin(0.5)],
  sinh: ['sinh(half)', Math.sinh(0.5)],
  sort: ['sort(g)', 5],
  sort_by_label: ['sort_by_label(g, "x")', 5],
  sort_by_label_desc: ['sort_by_label_desc(g, "x")', 5],
  sort_desc: ['sort_desc(g)', 5],
  sqrt: ['sqrt(half * 0.5)', 0.5],
  start: ['start()', NOW_MS / 1000],
  stddev_over_time: ['stddev_over_time(g[1m])', Math.sqrt(13 / 4)],
  stdvar_over_time: ['stdvar_over_time(g[1m])', 13 / 4],
  step: ['step()', 0],
  sum_over_time: ['sum_over_time(g[1m])', 18],
  tan: ['tan(half)', Math.tan(0.5)],
  tanh: ['tanh(half)', Math.tanh(0.5)],
  time: ['time()', NOW_MS / 1000],
  timestamp: ['timestamp(g offset 15s)', NOW_MS / 1000 - 15],
  ts_of_first_over_time: ['ts_of_first_over_time(g[1m])', NOW_MS / 1000 - 45],
  ts_of_last_over_time: ['ts_of_last_over_time(g[1m])', NOW_MS / 1000],
  ts_of_max_over_time: ['ts_of_max_over_time(g[1m])', NOW_MS / 1000 - 15],
  ts_of_min_over_time: ['ts_of_min_over_time(g[1m])', NOW_MS / 1000 - 30],
  vector: ['vector(1)', 1],
  year: ['year()', 2024],
};

const supported = functionNames().filter((name) => functionRow(name)?.body.kind !== 'unsupported');

it.each(supported)('%s has an example that holds', async (name) => {
  const [expr, expected] = EXAMPLES[name] ?? [];
  if (expr === undefined || expected === undefined)
    throw new Error(`add an example of ${name}() to this table`);
  const { result } = await engine.instant(expr, NOW_MS);
  const value = result
    .flatMap((one) => (typeof one === 'object' && 'value' in one ? [one.value[1]] : [one]))
    .at(-1);
  expect(Number(value)).toBeCloseTo(expected, 9);
});

it.each(functionNames().filter((name) => !supported.includes(name)))(
  '%s is refused by name and place, never guessed',
  async (name) => {
    const args = functionRow(name)?.args.map(
      (type) => ({ scalar: '0', string: '"x"', vector: 'g', matrix: 'g[1m]' })[type],
    );
    const expr = name === 'info' ? 'info(g)' : `${name}(${args?.join(', ')})`;
    await expect(engine.instant(`1 + ${expr}`, NOW_MS)).rejects.toMatchObject({
      code: 'unsupported',
      message: `1:5: the function ${name}() is not supported`,
    });
  },
);

it('asks for the option before it evaluates what Prometheus calls experimental', async () => {
  const stock = engineOver([]);
  await expect(stock.instant('mad_over_time(g[1m])', 0)).rejects.toThrow(/see the option experimental/);
  await expect(stock.instant('rate(g[1m + 1m])', 0)).rejects.toThrow(/see the option experimental/);
  expect(await engine.instant('count_over_time(g[10s * 6])', NOW_MS)).toMatchObject({
    result: [{ value: [NOW_MS / 1000, '4'] }],
  });
});
