import { createEngine, createStore, parse, type Engine, type Store } from '@tidewatch/promql';
import { compare, longestTurn } from '../measure.ts';
import type { Row } from '../report.ts';
import { QUESTIONS } from './questions.ts';
import { COLLECT_MS, ServiceMetrics } from './service-metrics.ts';

const HOUR_MS = 3_600_000;

const LONG =
  'histogram_quantile(0.99, sum by (le, route) (rate(http_server_request_duration_seconds_bucket{code!~"5.."}[5m]))) > 0.5 and on (route) sum by (route) (rate(http_requests_total[5m])) > 1';

/** What a service spends that asks itself, over three hours of 5,000 series in memory. */
export async function inProcess(): Promise<Row[]> {
  await using store = await createStore();
  const metrics = new ServiceMetrics();
  let lastMs = -COLLECT_MS;
  const next = (): ReturnType<ServiceMetrics['collect']> => metrics.collect((lastMs += COLLECT_MS));
  for (let at = 0; at < 3 * 240; at++) {
    const samples = next();
    store.append(lastMs, samples);
  }
  const engine = createEngine({ store });
  return [
    await alone(`parse an expression of ${LONG.length} characters`, () => parse(LONG)),
    await ingest(store, next(), () => (lastMs += COLLECT_MS)),
    await alone('a rule over 1,000 series, in process', () =>
      engine.query('sum by (model) (rate(predictions_total[5m])) > 1e9', lastMs),
    ),
    await alone('100 rules on 5,000 series, one after another', () => hundredRules(engine, lastMs)),
    {
      what: 'longest turn of the event loop during the 100 rules',
      unit: 'ms',
      here: await longestTurn(() => hundredRules(engine, lastMs)),
    },
    ...(await longestTurns(engine, lastMs)),
  ];
}

async function alone(what: string, run: () => unknown): Promise<Row> {
  const [ms = Number.NaN] = await compare([{ run }]);
  return { what, unit: 'ms', here: ms };
}

/** With labels in objects of its own each time, as a reader makes them. */
async function ingest(
  store: Store,
  samples: ReturnType<ServiceMetrics['collect']>,
  nextMs: () => number,
): Promise<Row> {
  const collects = Array.from({ length: 8 }, () =>
    samples.map(({ labels, value }) => ({ labels: { ...labels }, value })),
  );
  let at = 0;
  return alone(`append one collect of ${samples.length} known series`, () =>
    store.append(nextMs(), collects[at++ % collects.length] ?? []),
  );
}

/** What the questions ask at one time, and thresholds on it. */
async function hundredRules(engine: Engine, atMs: number): Promise<void> {
  const instants = QUESTIONS.filter(({ query, range }) => range === undefined && !query.includes(':'));
  for (let rule = 0; rule < 100; rule++) {
    const { query } = instants[rule % instants.length] as (typeof instants)[number];
    await engine.query(`${query} > ${rule}`, atMs);
  }
}

/** Of queries that do much at once. */
async function longestTurns(engine: Engine, atMs: number): Promise<Row[]> {
  const range = { startMs: atMs - HOUR_MS, endMs: atMs, stepMs: COLLECT_MS };
  const queries = [
    'sum by (model) (rate(predictions_total[5m]))',
    'label_replace(predictions_total, "short", "$1", "model", "model-(.*)")',
    '{__name__=~".+"}',
    'sum({model=~".*1.*|.*2.*[0-9]+",instance!~"(a|b|host-[89])+"})',
  ];
  const rows: Row[] = [];
  for (const query of queries) {
    rows.push({
      what: `longest turn during an hour by 15 s of \`${query.replaceAll('|', '\\|')}\``,
      unit: 'ms',
      here: await longestTurn(() => engine.queryRange(query, range)),
    });
  }
  return rows;
}
