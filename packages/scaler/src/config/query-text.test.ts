import { expect, it } from 'vitest';
import { defaultPer } from './default-per.ts';
import { selectedMetricNames } from './selected-metric-names.ts';

it.for([
  ['sum(rate(http_requests_total[1m]))', 'replica'], //                              the article's
  ['sum by (model) (rate(http_requests_total[1m]))', 'replica'],
  ['sum(classification_inflight_requests)', 'replica'],
  ['avg(rate(gpu_utilization[1m]))', 'total'], //                                    the article's
  ['histogram_quantile(0.99, sum by (le) (rate(d_bucket[1m])))', 'total'], //        a quantile of sums
  ['sum(rate(d_sum[1m])) / sum(rate(d_count[1m]))', 'total'], //                     a mean
  ['sum(rate(http_requests_total{path="a/b"}[1m])) / 2', 'replica'], //              a unit, not a mean
  ['gpu_utilization', 'total'],
] as const)('%s is compared per %s', ([query, per]) => {
  expect(defaultPer(query)).toBe(per);
});

it.for([
  ['avg(rate(gpu_utilization[1m]))', ['gpu_utilization']],
  [
    'sum by (gpu, name) (rate(a_total{job="b_total"}[5m] offset 1h)) / on (x) group_left (y) c',
    ['a_total', 'c'],
  ],
  ['a and on() b unless c', ['a', 'b', 'c']],
  ['a > bool 1e3 or a * 5m', ['a']], //                                              numbers and durations are no names
  ['label_replace(a, "dst", "$1", "src", "(.*)") # b', ['a']], //                    strings and comments neither
  ['job:rate:sum5m', ['job:rate:sum5m']],
  ['{__name__="a"}', []], //                                                         not found, so never set aside
] as const)('%s selects %j', ([query, names]) => {
  expect(selectedMetricNames(query)).toEqual(names);
});
