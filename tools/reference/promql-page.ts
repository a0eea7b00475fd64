import { createEngine, createStore, PromqlError, type Engine } from '@tidewatch/promql';
import { functionNames, functionRow } from '../../packages/promql/src/functions/table.ts';
import { table } from './markdown.ts';
import { promqlHttpSection } from './promql-http.ts';

/** Language by example: what stands here is answered or refused by the engine when the page is written. */
const examples: Readonly<Record<string, readonly string[]>> = {
  Selectors: [
    'm{code="200"}',
    'm{code!="200", code=~"2..|3.."}',
    'm{code!~"5.."}',
    '{__name__=~"m|n"}',
    '{"m", "code"="200"}',
    'm[5m]',
    'm offset 1m',
    'm offset -1m',
    'm @ 1700000000',
    'm @ start()',
    'rate(m[5m:1m])',
    'rate(m[5m] anchored)',
    'rate(m[5m] smoothed)',
  ],
  Operators: [
    'm + 1',
    'm - m',
    'm * m',
    'm / m',
    'm % 2',
    'm ^ 2',
    'm atan2 m',
    'm == 1',
    'm > bool 1',
    'm and m',
    'm or m',
    'm unless m',
    'm / on (code) m',
    'm / ignoring (job) m',
    'm / on (code) group_left () m',
    'm / on (code) group_right () m',
    'm + fill(0) m',
    'm </ 1',
  ],
  Aggregations: [
    'sum(m)',
    'avg(m)',
    'min(m)',
    'max(m)',
    'count(m)',
    'group(m)',
    'stddev(m)',
    'stdvar(m)',
    'topk(1, m)',
    'bottomk(1, m)',
    'quantile(0.9, m)',
    'count_values("value", m)',
    'limitk(1, m)',
    'limit_ratio(0.5, m)',
    'sum by (code) (m)',
    'sum without (code) (m)',
  ],
};

/** docs/reference/promql.md: the function table, and the engine's own answers to the examples above. */
export async function promqlPage(): Promise<string> {
  const timeMs = 1_700_000_000_000;
  const store = await createStore();
  store.append(timeMs, [{ labels: { __name__: 'm', code: '200' }, value: 1 }]);
  const engine = createEngine({ store });
  const sections = await Promise.all(
    Object.entries(examples).map(async ([title, exprs]) => {
      const rows = await Promise.all(
        exprs.map(async (expr) => [`\`${expr}\``, await judge(engine, expr, timeMs)]),
      );
      return [`## ${title}`, '', table(['PromQL', 'supported'], rows)].join('\n');
    }),
  );
  await store.close();
  return [
    '# PromQL',
    '',
    'Generated from the function table and from the answers of the engine by `npm run pnpm -- run reference`; do not',
    'edit. What is not supported parses and is refused with its name and place, code `unsupported`: no number is ever',
    'guessed. A Prometheus server answers all of it: `source: prometheus({ url })`.',
    '',
    ...sections,
    '## Functions',
    '',
    'An argument in brackets may be left out; `…` may repeat.',
    '',
    table(
      ['function', 'supported'],
      functionNames()
        .toSorted((a, b) => (a < b ? -1 : 1))
        .map((name) => [`\`${signature(name)}\``, support(name)]),
    ),
    '',
    await promqlHttpSection(),
  ].join('\n');
}

async function judge(engine: Engine, expr: string, timeMs: number): Promise<string> {
  try {
    await engine.instant(expr, timeMs);
    return 'yes';
  } catch (error) {
    if (error instanceof PromqlError && error.code === 'unsupported') return '**no**';
    throw new Error(`the example ${expr} is not PromQL`, { cause: error });
  }
}

function signature(name: string): string {
  const { args, optional = 0, variadic = false } = rowOf(name);
  const written = args.map((type, index) => (index >= args.length - optional ? `[${type}]` : type));
  return `${name}(${written.join(', ')}${variadic ? ', …' : ''})`;
}

function support(name: string): string {
  const { body, experimental = false } = rowOf(name);
  if (body.kind === 'unsupported') return '**no**';
  return experimental ? 'with `createEngine({ experimental: true })`' : 'yes';
}

function rowOf(name: string): NonNullable<ReturnType<typeof functionRow>> {
  const row = functionRow(name);
  if (row === undefined) throw new Error(`no row for ${name}`);
  return row;
}
