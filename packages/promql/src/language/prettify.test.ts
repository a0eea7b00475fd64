import { expect, it } from 'vitest';
import { parse } from './parse.ts';
import { prettify } from './prettify.ts';

// What Prometheus makes of them is among the golden answers.
it.for([
  ['sum(rate(a{y="1",x!="2"}[90m]))by(job)', 'sum by (job) (rate(a{x!="2",y="1"}[1h30m]))'],
  ['a[3600] offset 1e3', 'a[1h] offset 16m40s'],
  ['0x10 + -1_000 - +1h', '16 + -1000 - 1h'],
] as const)('%s is written %s', ([query, text]) => {
  expect(prettify(parse(query))).toBe(text);
});

it('breaks what is longer than a line, inside out', () => {
  const long = `sum by (job) (rate(requests_total{code="200"}[5m])) / on (job) sum by (job) (rate(requests_total[5m]))`;
  expect(prettify(parse(long)).split('\n')).toEqual([
    '  sum by (job) (rate(requests_total{code="200"}[5m]))',
    '/ on (job)',
    '  sum by (job) (rate(requests_total[5m]))',
  ]);
  expect(prettify(parse(prettify(parse(long))))).toBe(prettify(parse(long)));
});
