import { greater, smaller } from '../language/arithmetic.ts';
import { meanOf, sumOf } from '../numbers/kahan-sum.ts';
import { quantileOf } from '../numbers/quantile.ts';
import { lineThrough } from '../numbers/regression.ts';
import { varianceOf } from '../numbers/variance.ts';
import { absent, absentOverTime } from './absent.ts';
import { timestamp, toScalar, toVector } from './conversions.ts';
import * as dates from './dates.ts';
import {
  notSupported,
  ofEach,
  ofScalars,
  ofWhole,
  overWindow,
  pickingFromWindow,
  type FunctionRow,
} from './function-row.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import { labelJoin, labelReplace } from './labels.ts';
import * as overTime from './over-time.ts';
import { extrapolatedGrowth, instantRate, lastDifference, rate } from './rate.ts';
import { doubleExponentialSmoothing } from './smoothing.ts';
import { sortByLabel, sortByValue } from './sort.ts';

const experimental = { experimental: true } as const;
const date = { optional: 1 } as const;
const roundTo = { args: ['vector', 'scalar'], optional: 1 } as const;

/**
 * Every PromQL function, by name. To add one, add a row here and a test of its values.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/
 */
const TABLE: Readonly<Record<string, FunctionRow>> = {
  // of each value
  abs: ofEach(Math.abs),
  ceil: ofEach(Math.ceil),
  floor: ofEach(Math.floor),
  exp: ofEach(Math.exp),
  sqrt: ofEach(Math.sqrt),
  ln: ofEach(Math.log),
  log2: ofEach(Math.log2),
  log10: ofEach(Math.log10),
  sin: ofEach(Math.sin),
  cos: ofEach(Math.cos),
  tan: ofEach(Math.tan),
  asin: ofEach(Math.asin),
  acos: ofEach(Math.acos),
  atan: ofEach(Math.atan),
  sinh: ofEach(Math.sinh),
  cosh: ofEach(Math.cosh),
  tanh: ofEach(Math.tanh),
  asinh: ofEach(Math.asinh),
  acosh: ofEach(Math.acosh),
  atanh: ofEach(Math.atanh),
  rad: ofEach((degrees) => (degrees * Math.PI) / 180),
  deg: ofEach((radians) => (radians * 180) / Math.PI),
  sgn: ofEach(Math.sign),
  clamp: ofEach(clamp, { args: ['vector', 'scalar', 'scalar'] }),
  clamp_max: ofEach((value, most = Number.NaN) => smaller(value, most), { args: ['vector', 'scalar'] }),
  clamp_min: ofEach((value, least = Number.NaN) => greater(value, least), { args: ['vector', 'scalar'] }),
  // Ties go up. Multiplying by the inverse keeps 0.1 and its like exact more often than dividing.
  round: ofEach((value, to = 1) => Math.floor(value * (1 / to) + 0.5) / (1 / to), roundTo),

  // of each time in seconds, by default the time of the step
  minute: ofEach(dates.minute, date),
  hour: ofEach(dates.hour, date),
  day_of_week: ofEach(dates.dayOfWeek, date),
  day_of_month: ofEach(dates.dayOfMonth, date),
  day_of_year: ofEach(dates.dayOfYear, date),
  days_in_month: ofEach(dates.daysInMonth, date),
  month: ofEach(dates.month, date),
  year: ofEach(dates.year, date),

  // of the samples in a range
  rate: overWindow(rate, { remarks: 'counter' }),
  increase: overWindow((window) => extrapolatedGrowth(window, true), { remarks: 'counter' }),
  delta: overWindow((window) => extrapolatedGrowth(window, false)),
  irate: overWindow(instantRate),
  idelta: overWindow((window) => lastDifference(window, false)),
  resets: overWindow(overTime.countResets),
  changes: overWindow(overTime.countChanges),
  deriv: overWindow(({ times, values, from, to }) =>
    to - from < 2 ? undefined : lineThrough(times, values, from, to, times[from] as number).slope,
  ),
  predict_linear: overWindow(
    ({ times, values, from, to, stepMs }, seconds = 0) => {
      if (to - from < 2) return undefined;
      const { slope, intercept } = lineThrough(times, values, from, to, stepMs);
      return slope * seconds + intercept;
    },
    { args: ['matrix', 'scalar'] },
  ),
  avg_over_time: overWindow(({ values, from, to }) => meanOf(values, from, to)),
  sum_over_time: overWindow(({ values, from, to }) => sumOf(values, from, to)),
  min_over_time: overWindow(overTime.minimum),
  max_over_time: overWindow(overTime.maximum),
  count_over_time: overWindow(({ from, to }) => to - from),
  present_over_time: overWindow(() => 1),
  stddev_over_time: overWindow(({ values, from, to }) => Math.sqrt(varianceOf(values, from, to))),
  stdvar_over_time: overWindow(({ values, from, to }) => varianceOf(values, from, to)),
  quantile_over_time: overWindow(
    ({ values, from, to }, phi = Number.NaN) => quantileOf(phi, values.slice(from, to)),
    { args: ['scalar', 'matrix'], remarks: 'quantile' },
  ),
  last_over_time: pickingFromWindow(({ values, to }) => values[to - 1]),
  first_over_time: pickingFromWindow(({ values, from }) => values[from]),
  absent_over_time: ofWhole(['matrix'], absentOverTime),

  // of whole vectors
  absent: ofWhole(['vector'], absent),
  histogram_quantile: ofWhole(['scalar', 'vector'], histogramQuantile),
  label_replace: ofWhole(['vector', 'string', 'string', 'string', 'string'], labelReplace),
  label_join: ofWhole(['vector', 'string', 'string', 'string'], labelJoin, { variadic: true }),
  scalar: ofWhole(['vector'], toScalar, { returns: 'scalar' }),
  sort: ofWhole(['vector'], sortByValue(1)),
  sort_desc: ofWhole(['vector'], sortByValue(-1)),
  timestamp: ofWhole(['vector'], timestamp),
  vector: ofWhole(['scalar'], toVector),

  // of the query itself
  pi: ofScalars(() => Math.PI),
  time: ofScalars((_, timeMs) => timeMs / 1000),

  // experimental in Prometheus: the engine's option `experimental` turns them on
  double_exponential_smoothing: overWindow(
    (window, smoothing = Number.NaN, trending = Number.NaN) =>
      doubleExponentialSmoothing(window, smoothing, trending),
    { args: ['matrix', 'scalar', 'scalar'], ...experimental },
  ),
  mad_over_time: overWindow(overTime.medianDeviation, experimental),
  ts_of_first_over_time: overWindow(({ times, from }) => (times[from] as number) / 1000, experimental),
  ts_of_last_over_time: overWindow(({ times, to }) => (times[to - 1] as number) / 1000, experimental),
  ts_of_max_over_time: overWindow((window) => overTime.timeOfBest(window, (a, b) => a > b), experimental),
  ts_of_min_over_time: overWindow((window) => overTime.timeOfBest(window, (a, b) => a < b), experimental),
  sort_by_label: ofWhole(['vector', 'string'], sortByLabel(1), { variadic: true, ...experimental }),
  sort_by_label_desc: ofWhole(['vector', 'string'], sortByLabel(-1), { variadic: true, ...experimental }),
  min_of: ofScalars((_query, _timeMs, a = Number.NaN, b = Number.NaN) => smaller(a, b), {
    args: ['scalar', 'scalar'],
    ...experimental,
  }),
  max_of: ofScalars((_query, _timeMs, a = Number.NaN, b = Number.NaN) => greater(a, b), {
    args: ['scalar', 'scalar'],
    ...experimental,
  }),
  start: ofScalars(({ query }) => query.startMs / 1000, experimental),
  end: ofScalars(({ query }) => query.endMs / 1000, experimental),
  range: ofScalars(({ query }) => (query.endMs - query.startMs) / 1000, experimental),
  step: ofScalars(({ query }) => query.stepMs / 1000, experimental),

  // native histograms, and functions that are not built
  histogram_avg: notSupported(['vector']),
  histogram_count: notSupported(['vector']),
  histogram_sum: notSupported(['vector']),
  histogram_stddev: notSupported(['vector']),
  histogram_stdvar: notSupported(['vector']),
  histogram_fraction: notSupported(['scalar', 'scalar', 'vector']),
  histogram_quantiles: notSupported(['vector', 'string', 'scalar'], { variadic: true, ...experimental }),
  info: notSupported(['vector', 'vector'], { optional: 1, ...experimental }),
  start_timestamp: notSupported(['vector'], experimental),
};

/** Nothing when the bounds cross. NaN stays NaN. */
function clamp(value: number, least = -Infinity, most = Infinity): number | undefined {
  if (least > most) return undefined;
  return greater(least, smaller(most, value));
}

/** The row of a function, or `undefined`. */
export function functionRow(name: string): FunctionRow | undefined {
  return Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
}

/** All names, supported or not. */
export function functionNames(): readonly string[] {
  return Object.keys(TABLE);
}
