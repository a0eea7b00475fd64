/** One query of the comparison, at the end of the data unless `agoHours` before it. */
export interface Question {
  readonly what: string;
  readonly query: string;
  readonly agoHours?: number;
  /** A range query of so many hours before, in steps of so many seconds. */
  readonly range?: { readonly hours: number; readonly stepSeconds: number };
}

const P99 =
  'histogram_quantile(0.99, sum by (model, le) (rate(inference_duration_seconds_bucket{job="api"}[5m])))';

/** What alert rules, autoscalers and dashboards ask. */
export const QUESTIONS: readonly Question[] = [
  { what: 'one gauge', query: 'queue_utilization{instance="host-1",model="model-1"}' },
  { what: 'sum(rate) of 100 series', query: 'sum(rate(predictions_total{instance="host-3"}[5m]))' },
  { what: 'sum(rate) of 1,000 series', query: 'sum(rate(predictions_total[5m]))' },
  {
    what: 'ratio of errors by model, 1,500 reads',
    query:
      'sum by (model) (rate(predictions_total{outcome="error"}[5m])) / sum by (model) (rate(predictions_total[5m]))',
  },
  { what: 'p99 by model over 1,200 buckets', query: P99 },
  {
    what: 'sum by (rate) of 1,000 series, 1 h by 15 s',
    query: 'sum by (model) (rate(predictions_total[5m]))',
    range: { hours: 1, stepSeconds: 15 },
  },
  {
    what: 'p99 by model over 1,200 buckets, 5.5 h by 60 s',
    query: P99,
    range: { hours: 5.5, stepSeconds: 60 },
  },
  { what: 'topk(10, rate) of 1,000 series', query: 'topk(10, rate(predictions_total[5m]))' },
  { what: 'predict_linear over 1 h of 500 gauges', query: 'predict_linear(queue_utilization[1h], 3600)' },
  {
    what: 'subquery: max_over_time(sum by (rate) [1h:1m])',
    query: 'max_over_time(sum by (model) (rate(predictions_total[5m]))[1h:1m])',
  },
  {
    what: 'subquery: max_over_time(rate [1h:1m]) of 500 series',
    query: 'max_over_time(rate(predictions_total{outcome="success"}[5m])[1h:1m])',
  },
  {
    what: 'group_left join of 1,000 rates with 50 versions',
    query: 'rate(predictions_total[5m]) * on (model) group_left (version) model_info',
  },
  {
    what: 'regular-expression selector',
    query: 'sum by (model) (queue_utilization{model=~"model-[1-3].*",instance!~"host-[89]"})',
  },
  { what: 'count by of all 5,000 series', query: 'count by (__name__) ({__name__=~".+"})' },
  { what: '1,000 gauges and more, as they are', query: '{__name__=~"queue_utilization|gpu_utilization"}' },
  { what: 'p99 over 1,200 buckets, 20 h ago', query: P99, agoHours: 20 },
  {
    what: 'sum by (rate) of 1,000 series, 24 h by 5 min',
    query: 'sum by (outcome) (rate(predictions_total[5m]))',
    range: { hours: 23.9, stepSeconds: 300 },
  },
];

/** The path of a question about data that end at a time. */
export function pathOf({ query, agoHours = 0, range }: Question, lastMs: number): string {
  const atSeconds = lastMs / 1_000 - agoHours * 3_600;
  const text = encodeURIComponent(query);
  if (range === undefined) return `/api/v1/query?query=${text}&time=${atSeconds}`;
  const { hours, stepSeconds } = range;
  const start = atSeconds - hours * 3_600;
  return `/api/v1/query_range?query=${text}&start=${start}&end=${atSeconds}&step=${stepSeconds}`;
}
