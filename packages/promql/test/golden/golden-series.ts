import type { FixtureSeries } from '../../src/testing/index.ts';

const STEP_MS = 15_000;
const COLLECTS = 41;

/** The last collect of the data that both answer from. */
export const GOLDEN_END_MS = 1_700_000_400_000;

/** One value a collect, each by the number of the collect. */
function series(
  labels: Readonly<Record<string, string>>,
  valueAt: (collect: number) => number,
): FixtureSeries {
  const collects = Array.from({ length: COLLECTS }, (_, collect) => collect);
  return {
    labels,
    t: collects.map((collect) => GOLDEN_END_MS - (COLLECTS - 1 - collect) * STEP_MS),
    v: collects.map(valueAt),
    stale: collects.map(() => false),
  };
}

function requests(code: string, instance: string, perCollect: number): FixtureSeries {
  const labels = { __name__: 'shop_requests_total', code, instance, job: 'shop' };
  return series(labels, (collect) => collect * perCollect);
}

function bucket(le: string, perCollect: number): FixtureSeries {
  const labels = { __name__: 'shop_latency_seconds_bucket', instance: 'a', job: 'shop', le };
  return series(labels, (collect) => collect * perCollect);
}

function odd(kind: string, value: number): FixtureSeries {
  return series({ __name__: 'odd_values', kind }, () => value);
}

function text(name: string, value: string): FixtureSeries {
  return series({ __name__: 'odd_texts', name, text: value }, (collect) => collect);
}

/** What both are asked about: plain metrics, every kind of number and every kind of text that JSON writes its own way. */
export const goldenSeries: readonly FixtureSeries[] = [
  requests('200', 'a', 30),
  requests('200', 'b', 12),
  requests('500', 'a', 1),
  requests('500', 'b', 2),
  bucket('0.1', 5),
  bucket('0.5', 8),
  bucket('1', 9),
  bucket('+Inf', 10),
  // Falls where buckets must rise.
  series({ __name__: 'bad_latency_bucket', le: '1' }, () => 5),
  series({ __name__: 'bad_latency_bucket', le: '2' }, () => 3),
  series({ __name__: 'bad_latency_bucket', le: '+Inf' }, () => 7),
  series({ __name__: 'bad_latency_bucket', le: 'wide' }, () => 7),
  series({ __name__: 'shop_temperature', instance: 'a', job: 'shop' }, (collect) => 20 + collect / 8),
  series({ __name__: 'shop_temperature', instance: 'b', job: 'shop' }, (collect) => -collect / 3),
  odd('nan', Number.NaN),
  odd('inf', Infinity),
  odd('negative inf', -Infinity),
  odd('negative zero', -0),
  odd('tiny', 1e-7),
  odd('smallest without exponent', 1e-6),
  odd('least', 5e-324),
  odd('largest without exponent', 123_456_789_012_345_680_000),
  odd('huge', 1e21),
  odd('greatest', 1.797_693_134_862_315_7e308),
  odd('third', 1 / 3),
  odd('negative tiny', -2.5e-9),
  text('html', '<a href="x">&</a>'),
  text('controls', '\u0001\u0008\t\n\u000c\r\u001f\u007f'),
  text('separators', 'a\u2028b\u2029c'),
  text('astral', '😀 Ω ß'),
  text('quotes', 'back\\slash "quoted" \'single\' `tick` /slash'),
  text('proto', '__proto__'),
  series({ __name__: 'odd_labels', 'my.label': 'dots', größe: 'umlaut', 'a b': 'space' }, () => 1),
  series({ __name__: 'my.metric', job: 'shop' }, () => 7),
];
