import { GOLDEN_END_MS } from './golden-series.ts';

/** A request that a real Prometheus and this package answer with the same bytes. */
export interface GoldenRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1/`, with its query string. */
  readonly path: string;
  /** A form body, as it is sent. */
  readonly form?: string;
}

type Parameters = Readonly<Record<string, string | readonly string[]>>;

const END = String(GOLDEN_END_MS / 1000);
const START = String(GOLDEN_END_MS / 1000 - 120);
const WITHIN = { start: START, end: END };

function encode(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((each): [string, string] => [name, each]),
  );
  return new URLSearchParams(pairs).toString();
}

function get(path: string, parameters: Parameters = {}): GoldenRequest {
  const query = encode(parameters);
  return { method: 'GET', path: query === '' ? path : `${path}?${query}` };
}

function post(path: string, parameters: Parameters): GoldenRequest {
  return { method: 'POST', path, form: encode(parameters) };
}

function instant(query: string, more: Parameters = {}): GoldenRequest {
  return get('query', { query, time: END, ...more });
}

function range(query: string, more: Parameters = {}): GoldenRequest {
  return get('query_range', { query, ...WITHIN, step: '30', ...more });
}

/** What is asked of both, by subject. */
export const goldenRequests: Readonly<Record<string, readonly GoldenRequest[]>> = {
  'instant queries': [
    instant('shop_requests_total'),
    instant('shop_requests_total{code="500"}'),
    instant('sum(shop_requests_total)'),
    instant('sum by (code) (shop_requests_total)'),
    instant('sort_desc(shop_requests_total)'),
    instant('nothing'),
    instant('nothing[5m]'),
    instant('shop_temperature[1m]'),
    instant('shop_temperature[1m:20s]'),
    instant('{"my.metric"}'),
    instant('odd_labels'),
    instant('1 + 1', { time: '4' }),
    instant('time()'),
    instant('pi()'),
    instant('"text"'),
    instant('"<b>&\\u2028\\t\\u0001\\\\"'),
    instant('-1 / 0'),
    instant('0 / 0'),
    instant('-0'),
    instant('1e21'),
    instant('shop_requests_total > 1e9'),
    instant('histogram_quantile(0.9, rate(shop_latency_seconds_bucket[5m]))'),
    instant('shop_requests_total offset 1m'),
    instant('shop_requests_total{code="200",instance="a"} @ 1700000100'),
    instant('absent(nothing{job="x"})'),
    instant('count_values("value", odd_values{kind="greatest"})'),
    instant('shop_temperature', { time: '2023-11-14T22:20:00Z' }),
    instant('shop_temperature', { time: '2023-11-14T23:20:00.5+01:00' }),
    instant('shop_temperature', { time: '1700000399.25' }),
    instant('shop_temperature', { time: '1.7000003992504e9' }),
    instant('1', { time: '-1.5' }),
    instant('1', { time: '1.5' }),
    instant('"text"', { time: '1.25' }),
    instant('1', { time: '0.001' }),
    instant('1', { time: '2023-11-14T22:20:00.123456789Z' }),
    instant('topk(2, shop_requests_total)'),
    instant('topk(2, shop_requests_total)', { limit: '1' }),
    instant('shop_requests_total{code="500"}', { limit: '5' }),
    instant('shop_requests_total{code="200"}', { limit: '0' }),
    instant('shop_temperature[30s]', { limit: '1' }),
    instant('shop_temperature', { timeout: '5s' }),
    instant('shop_temperature', { timeout: '2.5' }),
    instant('shop_temperature', { lookback_delta: '1s', time: '1700000399' }),
    instant('shop_temperature', { lookback_delta: '60', time: '1700000430' }),
    post('query', { query: 'shop_temperature', time: END }),
    { method: 'POST', path: `query?query=1&time=${END}`, form: 'query=2&time=5' },
    { method: 'GET', path: `query?query=1&query=2&time=${END}` },
    { method: 'GET', path: `query?query=1%2b1&time=${END}` },
    { method: 'GET', path: `query?query=1+%2B+1&time=${END}` },
  ],
  'odd numbers and odd texts': [
    'nan',
    'inf',
    'negative inf',
    'negative zero',
    'tiny',
    'smallest without exponent',
    'least',
    'largest without exponent',
    'huge',
    'greatest',
    'third',
    'negative tiny',
  ]
    .map((kind) => instant(`odd_values{kind="${kind}"}`))
    .concat(
      ['html', 'controls', 'separators', 'astral', 'quotes', 'proto'].map((name) =>
        instant(`odd_texts{name="${name}"}`),
      ),
    ),
  'range queries': [
    range('shop_temperature'),
    range('sum(rate(shop_requests_total[1m]))'),
    range('shop_requests_total{instance="a"}', { step: '1m' }),
    range('1'),
    range('nothing'),
    range('0 / 0'),
    range('odd_values{kind="huge"}'),
    range('shop_temperature > 24.5', { step: '15s' }),
    range('time()', { start: '1700000280.5', end: '1700000281', step: '0.125' }),
    range('shop_temperature', { start: END }),
    range('shop_temperature', { start: '2023-11-14T22:18:00Z', end: '2023-11-14T22:20:00Z', step: '1m' }),
    range('shop_temperature', { limit: '1' }),
    range('shop_temperature', { step: '10000000' }),
    range('shop_temperature', { timeout: '1m' }),
    range('shop_temperature', { lookback_delta: '5s', step: '10s' }),
    range('1', { start: '0', end: '20', step: '10' }),
    post('query_range', { query: 'shop_temperature', ...WITHIN, step: '15s' }),
  ],
  remarks: [
    instant('rate(shop_temperature[1m])'),
    instant('quantile(2, shop_temperature)'),
    instant('quantile(NaN, shop_temperature)'),
    instant('histogram_quantile(0.9, shop_temperature)'),
    range('increase(shop_temperature[1m])'),
  ],
  'what there is': [
    get('series', { 'match[]': 'shop_temperature', ...WITHIN }),
    get('series', { 'match[]': ['shop_temperature', '{__name__=~"shop_.*",instance="a"}'], ...WITHIN }),
    get('series', { 'match[]': 'shop_temperature' }),
    get('series', { 'match[]': 'nothing', ...WITHIN }),
    get('series', { 'match[]': 'odd_texts', ...WITHIN }),
    get('series', { 'match[]': 'odd_labels', ...WITHIN }),
    get('series', { 'match[]': 'shop_requests_total', ...WITHIN, limit: '2' }),
    get('series', { 'match[]': 'shop_requests_total', ...WITHIN, limit: '4' }),
    get('series', { 'match[]': 'shop_requests_total', start: '1', end: '2' }),
    post('series', { 'match[]': 'shop_requests_total{code="500"}', ...WITHIN }),
    get('labels'),
    get('labels', WITHIN),
    get('labels', { 'match[]': 'shop_requests_total', ...WITHIN }),
    get('labels', { 'match[]': ['shop_requests_total', 'odd_texts'] }),
    get('labels', { 'match[]': 'nothing' }),
    get('labels', { limit: '2' }),
    get('labels', { limit: '100' }),
    get('labels', { start: '1', end: '2' }),
    post('labels', { 'match[]': 'shop_temperature', ...WITHIN }),
    get('label/__name__/values'),
    get('label/code/values', { ...WITHIN, limit: '1' }),
    get('label/__name__/values', { ...WITHIN, limit: '40000' }),
    get('label/instance/values', { 'match[]': 'shop_temperature', ...WITHIN }),
    get('label/text/values'),
    get('label/nothing/values'),
    get('label/code/values', { start: '1', end: '2' }),
    get('label/my.label/values'),
    get('label/U__my_2e_label/values'),
    get('label/U__gr_f6__df_e/values'),
    get('label/U__a_20_b/values'),
    get('label/a%20b/values'),
    get('label/U__broken_2/values'),
    get('label/U__my__label/values'),
    get('query_exemplars', { query: 'shop_requests_total', ...WITHIN }),
    get('query_exemplars', { query: '1 + 1' }),
    post('query_exemplars', { query: 'shop_requests_total', ...WITHIN }),
    get('rules'),
    get('rules', { group_limit: '2' }),
    get('alerts'),
    get('metadata'),
  ],
  'the language': [
    get('format_query', { query: 'sum(rate(shop_requests_total{code!="500"}[5m]))by(job)/2' }),
    get('format_query', { query: 'foo   offset 5m' }),
    get('format_query', { query: 'a + on(x) group_left() b' }),
    get('format_query', { query: '-a ^ 2 > bool 1' }),
    get('format_query', { query: 'a<b' }),
    get('format_query', { query: 'rate(a[90m]) + 90m' }),
    get('format_query', { query: 'rate(a[3600]) * 1e3 + 0x10 - 1.50 + 1_000' }),
    get('format_query', { query: 'a offset -7d' }),
    get('format_query', { query: 'a[2w:1y1d] offset 60' }),
    get('format_query', { query: '-1h + -(2) - -1.5e3 ^ -2' }),
    get('format_query', { query: 'Inf + +Inf + -inf + NaN' }),
    get('format_query', { query: 'sum without(x)(a) and ignoring(y) (b or c)' }),
    get('format_query', { query: 'a == bool on(x, y) group_right(z) b' }),
    get('format_query', { query: 'a{z="1",b=~"2",a!="3"} @ start()' }),
    get('format_query', { query: 'a{b="\\\\ \\" \\n \u00fc"} # remark' }),
    get('format_query', { query: 'count_values("v", a)' }),
    get('format_query', {
      query: `-(${'shop_requests_total{code="200"} + '.repeat(4)}1) * max_over_time((${'shop_requests_total + '.repeat(6)}1)[1h:5m] offset 5m)`,
    }),
    get('format_query', {
      query: `topk(5, sum without (code, instance) (rate(shop_requests_total{instance="a"}[5m]))) > bool on (job) group_left () quantile(0.9, shop_temperature)`,
    }),
    post('format_query', { query: 'topk(5,a[1h:5m])' }),
    get('format_query', { query: 'topk(5, a)' }),
    get('format_query', { query: 'max_over_time(a[1h:5m] offset 1d @ 12.5)' }),
    get('format_query', { query: 'label_replace(a, "x", "$1", "y", "(.*)")' }),
    get('format_query', {
      query:
        'histogram_quantile(0.99, sum by (le, job, instance) (rate(shop_latency_seconds_bucket{job="shop", instance=~"a|b"}[5m])))',
    }),
    get('format_query', {
      query:
        'sum(rate(shop_requests_total{job="shop", instance="a", code=~"5.."}[5m])) / sum(rate(shop_requests_total{job="shop", instance="a"}[5m]))',
    }),
    get('parse_query', { query: 'sum by (job) (rate(shop_requests_total{code!="500"}[5m])) / 2' }),
    get('parse_query', { query: 'a + on(x) group_left(y) b offset 5m' }),
    get('parse_query', { query: 'a[1h:5m] @ end()' }),
    get('parse_query', { query: 'topk(5, a) > bool -1' }),
    get('parse_query', { query: '-(a and b)' }),
    get('parse_query', { query: '"<text>"' }),
    get('parse_query', { query: '1h30m' }),
    get('parse_query', { query: 'round(a, 0.5) unless ignoring(x) b' }),
    post('parse_query', { query: 'absent(a{b=~"c.*"} @ 5)' }),
  ],
  'requests that cannot be read': [
    get('query'),
    get('query', { query: '' }),
    instant('1', { time: 'later' }),
    instant('1', { timeout: 'soon' }),
    instant('1', { timeout: '' }),
    instant('1', { lookback_delta: 'far' }),
    instant('1', { limit: 'few' }),
    instant('1', { limit: '-1' }),
    instant('sum('),
    instant('sum(shop_temperature'),
    instant('shop_temperature{'),
    instant('shop_temperature[5m'),
    instant('shop_temperature{job=shop}'),
    instant('1 +\n+ * 2'),
    instant('nothing('),
    instant('unknown(1)'),
    instant('rate(shop_temperature)'),
    instant('rate(shop_temperature[0s])'),
    instant('sum(1)'),
    instant('1 == 2'),
    instant('{}'),
    instant('shop_temperature{job=~"("}'),
    instant('histogram_quantile(0.9)'),
    instant('"unterminated'),
    instant('a{b="\\c"}'),
    instant('a{b="\\x4'),
    instant('1 =~ 1'),
    instant('a !~ 1'),
    instant('größe(1) + "ß"'),
    instant('{a="ß"} + 1 +'),
    instant('sum(a, b)'),
    instant('-"text"'),
    instant('a offset 1m offset 2m'),
    instant('1 @ 5'),
    instant('rate(a[5m:1m] offset 1m @ x)'),
    instant('a == on(b) 1'),
    instant('a and on(b) group_left() c'),
    instant('a + on(x) group_left(x) b'),
    instant('a + bool b'),
    instant('a{b=~"["}'),
    instant('rate(a[5m'),
    instant('a[5mm]'),
    instant('label_replace(a, 1)'),
    instant('9'.repeat(310)),
    instant('shop_temperature and 1'),
    instant('a[5m] + 1'),
    instant('sum(a) by (b) by (c)'),
    instant('😀'),
    instant('<>'),
    get('query_range', { query: '1', end: END, step: '1' }),
    get('query_range', { query: '1', start: START, step: '1' }),
    get('query_range', { query: '1', ...WITHIN }),
    range('1', { start: END, end: START }),
    range('1', { step: '0' }),
    range('1', { step: '-5' }),
    range('1', { step: 'x' }),
    range('1', { step: '1e20' }),
    range('1', { start: '0', end: '11001', step: '1' }),
    range('1', { timeout: 'soon' }),
    range('1', { limit: 'x' }),
    range('shop_temperature[5m]'),
    range('"text"'),
    range('sum('),
    get('series'),
    get('series', { 'match[]': 'sum(a)' }),
    get('series', { 'match[]': 'a{' }),
    get('series', { 'match[]': 'a[5m]' }),
    get('series', { 'match[]': '{}' }),
    get('series', { 'match[]': 'a', start: 'x' }),
    get('series', { 'match[]': 'a', end: 'x' }),
    get('series', { 'match[]': 'a', limit: '-3' }),
    get('labels', { 'match[]': '{a=~""}' }),
    get('labels', { start: 'x' }),
    get('labels', { limit: 'x' }),
    get('label/__name__/values', { 'match[]': 'a b' }),
    get('label/__name__/values', { limit: 'x' }),
    get('label/a%FFb/values'),
    get('format_query'),
    get('format_query', { query: 'sum(' }),
    get('parse_query', { query: '1 +' }),
    get('parse_query', { query: '100..4' }),
    get('parse_query', { query: '0deadbeef' }),
    get('parse_query', { query: 'foo[5y1hs]' }),
    get('parse_query', { query: '1000y' }),
    get('parse_query', { query: '28E+4_6' }),
    get('query_exemplars', { query: 'sum(' }),
    get('query_exemplars', { query: 'a', start: 'x' }),
    get('query_exemplars', { query: 'a', start: '5', end: '1' }),
    get('metadata', { limit: 'x' }),
    get('metadata', { limit_per_metric: 'x' }),
    get('rules', { type: 'x' }),
    get('rules', { exclude_alerts: 'maybe' }),
    get('rules', { 'match[]': 'a{' }),
    get('rules', { group_limit: '0' }),
    get('rules', { group_limit: '1.5' }),
    get('rules', { group_limit: '99999999999' }),
    get('rules', { group_next_token: 'abc' }),
    get('rules', { group_limit: '1', group_next_token: 'abc' }),
  ],
  'queries that fail': [
    instant('label_replace(shop_temperature, "instance", "same", "", "")'),
    instant('label_replace(shop_temperature, "a", "b", "c", "(")'),
    instant('label_replace(shop_temperature, "~", "b", "c", "d")'),
    instant('count_values("~", shop_temperature{instance="a"})'),
  ],
  'methods and paths': [
    { method: 'PUT', path: 'query?query=1' },
    { method: 'DELETE', path: 'query?query=1' },
    { method: 'POST', path: 'rules' },
    { method: 'POST', path: 'label/job/values', form: '' },
  ],
};

/** A request that the two answer otherwise, and why that is meant. */
export interface DifferentRequest {
  readonly request: GoldenRequest;
  readonly why: string;
}

const AS_3_14 = 'the words of Prometheus 3.14, whose suite is the other reference';

/**
 * Where the bodies differ. A row whose bodies are equal one day does not belong here.
 *
 * Not asked at all, as the answer tells of the machine or the moment: `status/*`, and `rules` and `alerts` with rules in
 * them. Prometheus writes several remarks of one answer in any order, so each request here has at most one of a kind.
 */
export const differentRequests: readonly DifferentRequest[] = [
  { request: instant('histogram_quantile(0.5, bad_latency_bucket{le!="wide"})'), why: AS_3_14 },
  { request: range('histogram_quantile(0.5, bad_latency_bucket{le!="wide"})'), why: AS_3_14 },
  { request: instant('histogram_quantile(0.5, rate(bad_latency_bucket{le="wide"}[5m]))'), why: AS_3_14 },
  { request: instant('shop_temperature * on() shop_requests_total'), why: `${AS_3_14}: the two are sorted` },
  { request: instant('topk(NaN, shop_temperature)'), why: AS_3_14 },
  { request: instant('shop_temperature offset'), why: AS_3_14 },
  { request: get('format_query', { query: '{"my.metric"}' }), why: AS_3_14 },
  { request: instant('aps(a)'), why: 'an unknown function near a known one is told of it' },
  {
    request: instant('1', { time: 'NaN' }),
    why: 'what is no time is refused and not taken for the year 1677',
  },
  { request: instant('1', { time: '1e20' }), why: 'what is no time is refused and not taken for 1970' },
  { request: get('label//values'), why: 'a path that is none of ours is left to the host' },
  { request: get('targets'), why: 'nothing is scraped: a path that is none of ours is left to the host' },
  {
    request: get('label/__name__/values', { limit: '3' }),
    why: 'the first in order, where Prometheus takes those that were stored first',
  },
];
