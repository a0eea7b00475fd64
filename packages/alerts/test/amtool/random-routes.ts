import fc from 'fast-check';

/** A route as an `alertmanager.yml` has it. */
interface FileRoute {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly match?: Readonly<Record<string, string>>;
  readonly match_re?: Readonly<Record<string, string>>;
  readonly continue?: boolean;
  readonly group_by?: readonly string[];
  readonly routes?: readonly FileRoute[];
}

/** A file and the labels of an alert to be routed by it. */
export interface RoutingCase {
  readonly yaml: string;
  readonly labels: Readonly<Record<string, string>>;
}

const receivers = ['r0', 'r1', 'r2', 'r3', 'r4'];
const labelName = fc.constantFrom('severity', 'team', 'model', '_x');
/** Few, so that matchers hit; and awkward, so that quotes and escapes are read as Alertmanager reads them. */
const labelValue = fc.constantFrom(
  'critical',
  'warning',
  'a',
  'ab',
  'a.b',
  'a b',
  'a,b',
  'a"b',
  'a\\b',
  '告警',
  '1',
  'x=y',
);
const pattern = fc.constantFrom(
  'a.*',
  'a|ab',
  '(?i)CRITICAL',
  '.+',
  '',
  'crit',
  '[ab]+',
  'warning|critical',
  '告.',
  '^a$',
);

const quoted = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const matcher = fc.oneof(
  fc
    .tuple(labelName, fc.constantFrom('=', '!='), labelValue)
    .map(([name, operator, value]) => `${name}${operator}${quoted(value)}`),
  fc
    .tuple(labelName, fc.constantFrom('=~', '!~'), pattern)
    .map(([name, operator, value]) => `${name} ${operator} ${quoted(value)}`),
  fc.tuple(labelName, fc.constantFrom('critical', 'a', '1')).map(([name, value]) => ` ${name} = ${value} `),
  fc.tuple(labelName, labelName, labelValue).map(([a, b, value]) => `{${a}=${quoted(value)},${b}!=""}`),
);

const { route } = fc.letrec<{ route: FileRoute }>((tie) => ({
  route: fc.record(
    {
      receiver: fc.constantFrom(...receivers),
      matchers: fc.array(matcher, { maxLength: 2 }),
      match: fc.dictionary(labelName, labelValue, { maxKeys: 1 }),
      match_re: fc.dictionary(labelName, pattern, { maxKeys: 1 }),
      continue: fc.boolean(),
      group_by: fc.constantFrom(['...'], ['severity'], []),
      routes: fc.array(tie('route'), { maxLength: 4, depthIdentifier: 'routes' }),
    },
    { requiredKeys: ['matchers'] },
  ) as fc.Arbitrary<FileRoute>,
}));

const cases = fc
  .record({
    routes: fc.array(route, { minLength: 1, maxLength: 4 }),
    labels: fc.dictionary(labelName, labelValue, { minKeys: 1, maxKeys: 4 }),
  })
  .map(({ routes, labels }): RoutingCase => {
    const file = { route: { receiver: 'r0', routes }, receivers: receivers.map((name) => ({ name })) };
    // JSON is YAML; the line break says that it is no path.
    return { yaml: `${JSON.stringify(file)}\n`, labels };
  });

/** Random trees with the labels of an alert each; the same for a seed. */
export function randomRoutes(seed: number, count: number): RoutingCase[] {
  return fc.sample(cases, { seed, numRuns: count });
}
