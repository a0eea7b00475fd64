import { expect, it } from 'vitest';
import type { ExpositionFamily } from './exposition-family.ts';
import { expositionText } from './exposition-text.ts';

const families: ExpositionFamily[] = [
  {
    name: 'requests',
    kind: 'counter',
    help: 'Said "hello"\nin a \\ way.',
    unit: '1',
    series: [{ labels: [['path', 'a"b\\c\nd']], value: 3 }],
  },
  {
    name: 'wait_seconds',
    kind: 'histogram',
    help: 'Time waited.',
    unit: 's',
    series: [{ labels: [['model', 'm']], value: { boundaries: [0.5, 1], counts: [1, 2, 4], sum: 9.5 } }],
  },
  {
    name: 'level',
    kind: 'gauge',
    help: '',
    unit: 's',
    series: [NaN, Infinity, -Infinity, 1e-7, -0.5].map((value, i) => ({ labels: [['i', String(i)]], value })),
  },
];

it('writes Prometheus text 0.0.4', () => {
  expect(expositionText(families, 'prometheus')).toBe(`# TYPE requests_total counter
# HELP requests_total Said "hello"\\nin a \\\\ way.
requests_total{path="a\\"b\\\\c\\nd"} 3
# TYPE wait_seconds histogram
# HELP wait_seconds Time waited.
wait_seconds_bucket{model="m",le="0.5"} 1
wait_seconds_bucket{model="m",le="1"} 3
wait_seconds_bucket{model="m",le="+Inf"} 7
wait_seconds_sum{model="m"} 9.5
wait_seconds_count{model="m"} 7
# TYPE level gauge
level{i="0"} NaN
level{i="1"} +Inf
level{i="2"} -Inf
level{i="3"} 1e-7
level{i="4"} -0.5
`);
});

it('writes OpenMetrics 1.0: family names, units, whole bounds with .0, the end marked', () => {
  expect(expositionText(families.slice(0, 2), 'openmetrics')).toBe(`# TYPE requests counter
# HELP requests Said \\"hello\\"\\nin a \\\\ way.
requests_total{path="a\\"b\\\\c\\nd"} 3
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
# HELP wait_seconds Time waited.
wait_seconds_bucket{model="m",le="0.5"} 1
wait_seconds_bucket{model="m",le="1.0"} 3
wait_seconds_bucket{model="m",le="+Inf"} 7
wait_seconds_sum{model="m"} 9.5
wait_seconds_count{model="m"} 7
# EOF
`);
});
