/** Functions by the arguments they take; `s` a scalar, `q` a number near 0 to 1, `v` a vector, `d` one of dates, `p` one of angles, `m` a range. */
export const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  v: words(
    `abs ceil floor exp sqrt ln log2 log10 sgn round deg rad asin acos atan sinh cosh tanh asinh acosh atanh
     sort sort_desc timestamp timestamp absent absent`,
  ),
  p: words('sin cos tan'),
  d: words('minute hour day_of_week day_of_month day_of_year days_in_month month year'),
  vs: words('clamp_max clamp_min round'),
  vss: words('clamp'),
  m: words(
    `rate rate increase increase delta irate idelta resets changes deriv
     avg_over_time sum_over_time min_over_time max_over_time count_over_time present_over_time
     stddev_over_time stdvar_over_time last_over_time absent_over_time mad_over_time
     ts_of_max_over_time ts_of_min_over_time ts_of_last_over_time`,
  ),
  ms: words('predict_linear'),
  mqq: words('double_exponential_smoothing'),
  qm: words('quantile_over_time'),
  qv: words('histogram_quantile'),
};

export const AGGREGATIONS: readonly string[] = words('sum avg min max count group stddev stdvar');
export const ARITHMETIC: readonly string[] = words('+ - * / % ^ atan2');
export const COMPARISON: readonly string[] = words('== != < <= > >=');
export const SET: readonly string[] = words('and or unless');
export const LABELS: readonly string[] = words('job instance code team le __name__ missing');
export const DURATIONS: readonly string[] = words('1m 5m 5m 90s 10m 15s 30s 20m 1m30s 3m20s500ms 240 1h');
export const SUBQUERY_SPANS: readonly string[] = words(
  '5m: 10m: 10m:1m 30m:1m 20m:90s 5m:15s 3m:7s 600:60 1h:5m',
);
export const NUMBERS: readonly string[] = words('0 1 2 -1 0.5 3.7 100 1e3 -0 Inf -Inf NaN 1h 0x1f .25');

/** One a line: selectors hold spaces in no place. */
export const SELECTORS: readonly string[] = words(`
  requests_total
  requests_total
  requests_total{code="200"}
  requests_total{code!="200"}
  requests_total{team=""}
  requests_total{job="api",instance=~"[01]"}
  temperature
  temperature
  temperature{job=~"a.+"}
  temperature{job!~"api|batch"}
  temperature{job=~"(?i)API|.{1,2}"}
  replicas
  replicas{instance!=""}
  odd
  {__name__="odd",instance="0"}
  {__name__=~"temperature|replicas"}
  {job="größe"}
  {"alone"}
  alone
  job_info
  latency_seconds_bucket
  nothing
`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
