import fc from 'fast-check';
import { expect, it } from 'vitest';
import { functionNames } from '../src/functions/table.ts';
import { createEngine, createStore, PromqlError } from '../src/index.ts';
import { engineOver, fixtureSource } from '../src/testing/index.ts';

// Whatever is asked, the answer is an answer or an error that names the fault: never a crash of the service.
const engine = engineOver(
  [
    { labels: { __name__: 'a', x: '1' }, t: [0, 60_000, 120_000], v: [1, Number.NaN, 3] },
    {
      labels: { __name__: 'b', x: '1', le: '+Inf' },
      t: [60_000, 120_000],
      v: [Infinity, 0],
      stale: [false, true],
    },
  ],
  { experimental: true, limits: { maxSamples: 100_000 } },
);

const pieces = [
  'a b a{x="1"} {__name__=~".+"} 1 -1 0 NaN 5m "x" \'$1\' ( ) (a) [5m] [2m:1m]',
  '+ - * / % ^ atan2 == != > bool and or unless on(x) ignoring(x) group_left()',
  'offset 1m @ 60 start() by (x) without (le) sum sum( topk(2, quantile(0.5, count_values("v",',
  ', { } \\ \u0000 😀 #',
].flatMap((line) => line.split(' '));
const calls = functionNames().map((name) => `${name}(`);
const piece = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...pieces) }, fc.constantFrom(...calls));
const query = fc.array(piece, { maxLength: 8 }).map((pieces) => {
  const text = pieces.join(' ');
  const open = text.split('(').length - text.split(')').length;
  return text + ')'.repeat(Math.max(0, open));
});

it('answers or refuses every heap of PromQL pieces', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(query, async (expr) => {
      const answers = Promise.all([engine.instant(expr, 120_000), engine.range(expr, 0, 180_000, 60_000)]);
      const outcome = await answers.then(
        () => 'answered',
        (error: unknown) => error,
      );
      if (outcome === 'answered') answered += 1;
      return (
        outcome === 'answered' || (outcome instanceof PromqlError && !outcome.message.includes('internal'))
      );
    }),
    { seed: 11, numRuns: 4000 },
  );
  // The heaps are not all nonsense.
  expect(answered).toBeGreaterThan(100);
});

it('evaluates the longest chain and the deepest nest that the parser lets through', async () => {
  const chain = await engine.instant(Array.from({ length: 2000 }, () => '1').join(' + '), 0);
  expect(chain).toMatchObject({ result: [0, '2000'] });
  const nest = await engine.instant(`${'('.repeat(190)}1${')'.repeat(190)}`, 0);
  expect(nest).toMatchObject({ result: [0, '1'] });
});

it('remarks on buckets that fall at every step of many series', async () => {
  const steps = 11_000;
  const series = Array.from({ length: 15 }, (_, x) =>
    ['1', '2', '+Inf'].map((le, bucket) => ({
      labels: { __name__: 'h', x: String(x), le },
      t: [0],
      v: [5 - bucket],
    })),
  ).flat();
  const many = engineOver(series, { lookbackMs: 1e9 });
  const answer = await many.range('histogram_quantile(0.9, h)', 0, (steps - 1) * 1_000, 1_000);
  expect(answer.infos).toEqual([expect.stringContaining(`over ${15 * steps} samples from 1970-01-01T00`)]);
});

it('answers at times that no calendar holds', async () => {
  const buckets =
    'label_replace(vector(2), "le", "1", "", "") or label_replace(vector(1), "le", "+Inf", "", "")';
  const answer = await engine.instant(`histogram_quantile(0.9, ${buckets})`, 8.64e15 + 60_000);
  expect(answer.infos).toEqual([expect.stringContaining('8640000000060000 ms')]);
});

const compiling = 'label_replace(nothing, "x", "$1", "y", "(.{1000}){1}")';

it.for([
  // what a query does to 2,000 series at 100 steps
  ['reads and answers', 'a'],
  ['folds one group', 'sum(a)'],
  ['groups', 'quantile by (x) (0.5, a)'],
  ['sorts', 'topk(3, a)'],
  ['writes labels', 'count_values("v", a)'],
  ['negates', '-a'],
  ['filters', 'a > 1'],
  ['matches', 'a + a'],
  ['intersects', 'a and a'],
  ['replaces labels', 'label_replace(a, "y", "$1", "x", "(.*)")'],
  ['compiles and finds nothing', Array.from({ length: 50 }, () => compiling).join(' or ')],
  ['looks for the only one', 'scalar(a)'],
  ['slides', 'sum_over_time(a[10m])'],
  ['evaluates a subquery', 'last_over_time((a)[10m:1m])'],
] as const)('lets the event loop turn while it %s', async ([, expr]) => {
  const series = Array.from({ length: 2_000 }, (_, x) => ({
    labels: { __name__: 'a', x: String(x) },
    t: [0, 600_000, 1_200_000],
    v: [x, 2, 3],
  }));
  const busy = createEngine({ store: fixtureSource(series), lookbackMs: 1e7 });
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await busy.range(expr, { startMs: 0, endMs: 1_980_000, stepMs: 20_000 });
  isOver = true;
  // Two milliseconds of work each; without pauses it is one or two.
  expect(turns).toBeGreaterThan(3);
});

it.for<[query: string, problem: string]>([
  ['('.repeat(1_000_000), 'more than 50000 words and signs'],
  [`a{${'b=~"c.*",'.repeat(100_000)}}`, 'more than 50000 words and signs'],
  [`a{${'b=~"\\\\pL{1000}",'.repeat(2_000)}}`, 'regular expressions of more than 20000 instructions in all'],
  [`a{b=~"${'x'.repeat(1_000_000)}"}`, 'it has 1000000 characters, the limit is 10000'],
])('refuses %.20s… without working through it', async ([query, problem]) => {
  await expect(engine.instant(query, 0)).rejects.toThrow(problem);
});

it('refuses a regular expression that is too large for the values there are', async () => {
  const store = await createStore();
  const samples = Array.from({ length: 5_000 }, (_, at) => ({
    labels: { __name__: 'a', path: `/${at}/`.padEnd(60, 'x') },
    value: 1,
  }));
  store.append(0, samples);
  const over = createEngine({ store });
  await expect(over.instant('a{path=~"\\\\pL{1000}"}', 0)).rejects.toMatchObject({ code: 'limit' });
  expect((await over.instant('count(a{path=~"/1.*x"})', 0)).result).toMatchObject([{ value: 1_111 }]);
});
