/** Aggregations with the type of their parameter. @see https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators */
const AGGREGATION_PARAMETER: ReadonlyMap<string, 'none' | 'scalar' | 'string'> = new Map([
  ['avg', 'none'],
  ['bottomk', 'scalar'],
  ['count', 'none'],
  ['count_values', 'string'],
  ['group', 'none'],
  ['limit_ratio', 'scalar'],
  ['limitk', 'scalar'],
  ['max', 'none'],
  ['min', 'none'],
  ['quantile', 'scalar'],
  ['stddev', 'none'],
  ['stdvar', 'none'],
  ['sum', 'none'],
  ['topk', 'scalar'],
]);

/** The type of an aggregation's parameter; `undefined` when the word is no aggregation. */
export function aggregationParameter(word: string): 'none' | 'scalar' | 'string' | undefined {
  return AGGREGATION_PARAMETER.get(word);
}

/** Words that cannot be a metric name without quotes: they are read as part of an operator or a number. */
const RESERVED: ReadonlySet<string> = new Set([
  'atan2',
  'bool',
  'group_left',
  'group_right',
  'ignoring',
  'inf',
  'nan',
  'on',
]);

/** Whether a word stands for itself where a metric name may stand. `sum`, `by` and `offset` do. */
export function mayNameMetric(word: string): boolean {
  return !RESERVED.has(word.toLowerCase());
}

const LEGACY_METRIC = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const LEGACY_LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a metric name can be written without quotes. */
export function isPlainMetricName(name: string): boolean {
  return LEGACY_METRIC.test(name) && mayNameMetric(name);
}

/** Whether a label name can be written without quotes. */
export function isPlainLabelName(name: string): boolean {
  return LEGACY_LABEL.test(name);
}
