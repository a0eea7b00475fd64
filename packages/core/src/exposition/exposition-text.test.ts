import { expect, it } from 'vitest';
import type { ExpositionFamily } from './exposition-family.ts';
import { writeExposition, type ExpositionFormat } from './exposition-text.ts';
import { labelText } from './label-text.ts';
import { TextBuffer } from './text-buffer.ts';

const exemplar = { labels: { trace_id: 'abc' }, value: 0.97, timeMs: 1_700_000_000_250 };

function written(list: readonly ExpositionFamily[], format: ExpositionFormat): string {
  const out = new TextBuffer();
  Array.from(writeExposition(out, list, format, () => {}));
  return new TextDecoder().decode(out.bytes());
}

const families: ExpositionFamily[] = [
  {
    name: 'requests',
    kind: 'counter',
    help: 'Said "hello"\nin a \\ way.',
    unit: '1',
    series: [{ labels: labelText({ path: 'a"b\\c\nd' }), value: 3, exemplar }],
  },
  {
    name: 'wait_seconds',
    kind: 'histogram',
    help: 'Time waited.',
    unit: 's',
    series: [
      {
        labels: labelText({ model: 'm' }),
        exemplar: undefined,
        value: { boundaries: [0.5, 1], counts: [1, 2, 4], sum: 9.5 },
      },
    ],
  },
  {
    name: 'level',
    kind: 'gauge',
    help: '',
    unit: 's',
    series: [NaN, Infinity, -Infinity, 1e-7, -0.5].map((value, i) => ({
      labels: labelText({ i: String(i) }),
      value,
      exemplar: undefined,
    })),
  },
];

it('writes Prometheus text 0.0.4', () => {
  expect(written(families, 'prometheus')).toBe(`# TYPE requests_total counter
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
  expect(written(families.slice(0, 2), 'openmetrics')).toBe(`# TYPE requests counter
# HELP requests Said \\"hello\\"\\nin a \\\\ way.
requests_total{path="a\\"b\\\\c\\nd"} 3 # {trace_id="abc"} 0.97 1700000000.25
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
