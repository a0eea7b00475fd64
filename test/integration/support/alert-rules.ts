import { createAlerting, loadRules } from '@tidewatch/alerts';
import { createEngine, createStore, type Store } from '@tidewatch/promql';

const MINUTE = 60_000;
const MINUTES = 120;

/** A minute at which promtool sees other alerts. */
interface Difference {
  readonly rule: string;
  readonly minute: number;
  readonly here: readonly string[];
  readonly promtool: readonly string[];
}

/** One rule over random series, as both sides get it. */
interface Case {
  readonly name: string;
  /** A rule as YAML flow text. */
  readonly rule: string;
  /** By name of the series; a sample, none, NaN, or the mark that it has ended. */
  readonly series: ReadonlyMap<string, readonly (number | 'none' | 'stale')[]>;
}

export interface Differences {
  /** Alerts at their minutes, of promtool. */
  readonly points: number;
  readonly firing: number;
  readonly found: readonly Difference[];
}

/** @param ask - Runs promtool on rules and tests, both YAML, and returns what it says. */
export async function differences(
  count: number,
  seed: number,
  ask: (rules: string, tests: string) => Promise<string>,
): Promise<Differences> {
  const random = generator(seed);
  const cases = Array.from({ length: count }, (_, number) => randomCase(number, random));
  const theirs = parse(await ask(rulesOf(cases), testsOf(cases)));
  const found: Difference[] = [];
  let [points, firing] = [0, 0];
  for (const one of cases) {
    const ours = await run(one);
    for (let minute = 0; minute <= MINUTES; minute++) {
      const here = ours.get(minute) ?? [];
      const promtool = theirs.get(`${one.name} ${minute}`) ?? [];
      points += promtool.length;
      firing += promtool.filter((series) => series.includes('alertstate="firing"')).length;
      if (here.join('\n') === promtool.join('\n')) continue;
      found.push({ rule: one.rule, minute, here, promtool });
      break;
    }
  }
  return { points, firing, found };
}

function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function randomCase(number: number, random: () => number): Case {
  const pick = <T>(...of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const metric = `m${number}`;
  const expr = pick(
    `${metric} > 1`,
    `${metric} > 1`,
    `${metric} != 1`,
    metric,
    `${metric} > 1 or ${metric} < -1`,
    `avg_over_time(${metric}[3m]) > 1`,
    `sum by (i) (${metric}) > 1`,
    `absent(${metric}{i="0"})`,
  );
  const labels = pick(
    '',
    ', labels: { severity: critical }',
    `, labels: { lvl: '{{ if gt $value 3.0 }}high{{ else }}low{{ end }}' }`,
    `, labels: { twin: 'of {{ $labels.i }}', gone: '' }`,
    `, labels: { j: 'moved {{ $labels.j }}' }`,
  );
  const keep = pick('', '', ', keep_firing_for: 1m', ', keep_firing_for: 3m', ', keep_firing_for: 8m');
  const wait = pick('', ', for: 1m', ', for: 2m', ', for: 3m', ', for: 5m', ', for: 11m');
  const name = `A${number}`;
  const series = new Map<string, (number | 'none' | 'stale')[]>();
  for (let i = 0; i < 1 + Math.floor(random() * 4); i++) {
    const j = random() < 0.3 ? ', j="x"' : '';
    const values: (number | 'none' | 'stale')[] = [];
    while (values.length <= MINUTES) {
      const value = pick<number | 'none' | 'stale'>(0, 0, 2, 2, 2, 5, -2, 'none', 'stale', Number.NaN);
      for (let left = 1 + random() * 12; left > 0 && values.length <= MINUTES; left--) values.push(value);
    }
    series.set(`${metric}{i="${i}"${j}}`, values);
  }
  return { name, rule: `{ alert: ${name}, expr: '${expr}'${wait}${keep}${labels} }`, series };
}

function rulesOf(cases: readonly Case[]): string {
  const lines = cases.map(({ rule }) => `      - ${rule}`);
  return ['groups:', '  - name: g', '    interval: 1m', '    rules:', ...lines, ''].join('\n');
}

function testsOf(cases: readonly Case[]): string {
  const series = cases.flatMap((one) =>
    [...one.series].map(([name, values]) => {
      const texts = values.map((value) => (value === 'none' ? '_' : String(value)));
      return `      - { series: '${name}', values: '${texts.join(' ')}' }`;
    }),
  );
  // What is expected is wrong on purpose: promtool then says what it has.
  const questions = Array.from(
    { length: MINUTES + 1 },
    (_, minute) =>
      `      - { expr: '{__name__=~"ALERTS|ALERTS_FOR_STATE"}', eval_time: ${minute}m, exp_samples: [] }`,
  );
  return [
    'rule_files: [rules.yml]',
    'evaluation_interval: 1m',
    'tests:',
    '  - interval: 1m',
    '    input_series:',
    ...series,
    '    promql_expr_test:',
    ...questions,
    '',
  ].join('\n');
}

/** What promtool says it has, by rule and minute. */
function parse(answer: string): Map<string, string[]> {
  const alerts = new Map<string, string[]>();
  for (const [, time = '', got = ''] of answer.matchAll(/time: (\S+?),\s+exp: nil\s+got: (.*)/g)) {
    const [, hours = '0', minutes = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?/.exec(time) ?? [];
    const minute = Number(hours) * 60 + Number(minutes);
    for (const [, labels = '', value = ''] of got.matchAll(/\{([^{}]*)\} (\S+?)(?:, |$)/g)) {
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', text = '']) => [name, text]);
      const all = Object.fromEntries(pairs) as Record<string, string>;
      const key = `${all['alertname']} ${minute}`;
      alerts.set(key, [...(alerts.get(key) ?? []), show(all, Number(value))].toSorted());
    }
  }
  if (alerts.size === 0) throw new Error(`promtool has no alerts: ${answer.slice(0, 2000)}`);
  return alerts;
}

function show(labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.keys(labels)
    .toSorted()
    .map((name) => `${name}="${labels[name]}"`);
  return `{${pairs.join(', ')}} ${value}`;
}

/** Evaluates a case here, minute by minute. */
async function run({ rule, series }: Case): Promise<Map<number, string[]>> {
  const store = await createStore();
  const alerts = new Map<number, string[]>();
  await using alerting = await createAlerting({
    rules: loadRules(`groups:\n  - name: g\n    interval: 1m\n    rules:\n      - ${rule}\n`),
    query: createEngine({ store }).query,
    route: { receiver: 'nobody' },
    receivers: { nobody: [] },
    metaAlerts: 'off',
    onSeries: (samples, atMs) =>
      alerts.set(atMs / MINUTE, samples.map(({ labels, value }) => show(labels, value)).toSorted()),
  });
  for (let minute = 0; minute <= MINUTES; minute++) {
    for (const [name, values] of series) appendTo(store, name, values, minute);
    await alerting.evaluate(minute * MINUTE);
  }
  return alerts;
}

/** Each series is an axis of its own: it is collected, left out, or ended without the others. */
function appendTo(
  store: Store,
  name: string,
  values: readonly (number | 'none' | 'stale')[],
  minute: number,
): void {
  const value = values[minute] ?? 'none';
  if (value === 'none') return;
  const pairs = [...name.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text]);
  const labels = { __name__: name.slice(0, name.indexOf('{')), ...Object.fromEntries(pairs) } as Record<
    string,
    string
  >;
  store.append(minute * MINUTE, value === 'stale' ? [] : [{ labels, value }], { axis: name });
}
