import { describe, expect, it } from 'vitest';
import { manualClock } from '@tidewatch/core/testing';
import { labelSet } from '../labels/label-set.ts';
import { engineOver, fixtureSource, type FixtureSeries } from '../testing/index.ts';
import { createEngine } from './engine.ts';

const MINUTE = 60_000;

/** `a{x="1"} 1 2 _ 4 stale`: one sample a minute from 0. */
function load(...lines: string[]): FixtureSeries[] {
  return lines.map((line) => {
    const [, name = '', pairs = '', points = ''] = /^(\w+)(?:\{(.*)\})? (.*)$/.exec(line) ?? [];
    const labels = pairs
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('='));
    const samples = points
      .split(' ')
      .flatMap((point, at) => (point === '_' ? [] : [{ point, t: at * MINUTE }]));
    return {
      labels: { __name__: name, ...(Object.fromEntries(labels) as Record<string, string>) },
      t: samples.map(({ t }) => t),
      v: samples.map(({ point }) => (point === 'stale' ? 0 : Number(point.replace('Inf', 'Infinity')))),
      stale: samples.map(({ point }) => point === 'stale'),
    };
  });
}

/** `{x="1"} 5` a line, in order. */
async function answer(series: FixtureSeries[], expr: string, atMinutes: number): Promise<string[]> {
  const { result, resultType } = await engineOver(series).instant(expr, atMinutes * MINUTE);
  if (resultType === 'scalar' || resultType === 'string') return [result[1]];
  if (resultType !== 'vector') throw new Error('is a matrix');
  return result.map(({ metric, value }) => {
    const { __name__: name = '', ...labels }: Record<string, string> = { ...metric };
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${text}`);
    return `${name}{${pairs.join()}} ${value[1]}`;
  });
}

describe('an instant query', () => {
  const a = load('a 0 1 2 3 _ _ _ _ _ _', 'ended 0 1 stale', 'odd 0 NaN');
  it.each([
    // expression            at minute  answer         why
    ['a', 3, ['a{} 3']],
    ['a', 7.9, ['a{} 3']], //                          still within the lookback of 5 minutes
    ['a', 8, []], //                                   exactly 5 minutes old is too old
    ['ended', 1.5, ['ended{} 1']],
    ['ended', 2, []], //                               a stale mark ends it at once
    ['odd', 1, ['odd{} NaN']], //                      NaN is a value
    ['a offset 1m', 3, ['a{} 2']],
    ['a offset -1m', 1, ['a{} 2']], //                 looks ahead
    ['a @ 60', 9, ['a{} 1']],
    ['a @ end() offset 1m', 2, ['a{} 1']],
    ['count_over_time(a[2m])', 3, ['{} 2']], //        the window excludes its start
    ['count_over_time(ended[5m])', 3, ['{} 2']], //    a stale mark is no sample
    ['sum_over_time(a[2m:1m])', 3, ['{} 5']],
    ['sum_over_time(a[2m:1m])', 3.5, ['{} 5']], //     subquery steps stand at whole minutes
    ['max_over_time(a[2m:50s] @ 180)', 9, ['{} 2']], // at 100 s and 150 s: multiples of 50 since 1970
    ['1 + 2 * 3', 0, ['7']],
    ['scalar(nothing)', 0, ['NaN']], //                absent becomes NaN only where one asks for a number
    ['a > bool 2', 3, ['{} 1']],
    ['2 < a', 3, ['a{} 3']], //                        a filter keeps the vector's value
    ['a > 5', 3, []],
    ['a ^ NaN == a ^ NaN', 3, []], //                  NaN equals nothing
    ['vector(1) ^ NaN', 3, ['{} 1']], //               as in Go, not as in JavaScript
    ['absent(b{x="1",y=~"z"})', 3, ['{x=1} 1']],
  ])('%s at minute %d: %j', async (expr, minute, expected) => {
    expect(await answer(a, expr, minute)).toEqual(expected);
  });
});

describe('matching', () => {
  const series = load(
    'm{x=1,y=a} 1',
    'm{x=2,y=b} 2',
    'o{x=1,z=p} 10',
    'o{x=3,z=q} 30',
    'many{x=1,n=1} 1',
    'many{x=1,n=2} 2',
  );
  it.each([
    ['m * on(x) o', ['{x=1} 10']],
    ['m * ignoring(y, z) o', ['{x=1} 10']],
    ['m * o', []], //                                       y and z differ: no pair, no error
    ['many * on(x) group_left(z) o', ['{x=1,n=1,z=p} 10', '{x=1,n=2,z=p} 20']],
    ['o * on(x) group_right many', ['{x=1,n=1} 10', '{x=1,n=2} 20']],
    ['m and on(x) o', ['m{x=1,y=a} 1']],
    ['m unless on(x) o', ['m{x=2,y=b} 2']],
    ['m or on(x) o', ['m{x=1,y=a} 1', 'm{x=2,y=b} 2', 'o{x=3,z=q} 30']],
    ['m > on(x) o', []],
    ['o > bool on(x) m', ['{x=1} 1']],
  ])('%s: %j', async (expr, expected) => {
    const sorted = (await answer(series, expr, 0)).map((line) =>
      line.replace('{n=1,x=1', '{x=1,n=1').replace('{n=2,x=1', '{x=1,n=2'),
    );
    expect(sorted).toEqual(expected);
  });

  it.each([
    ['m * on(x) many', 'found duplicate series for the match group {x="1"} on the right hand-side'],
    ['many * on(x) o', 'multiple matches for labels: many-to-one matching must be explicit'],
    ['many > on(x) o', 'many-to-one matching must be explicit'], // also when the filter drops every pair
    [
      'many * on(x) group_left(n) label_replace(o, "n", "same", "", "")',
      'grouping labels must ensure unique matches',
    ],
    ['{x="1"} * 2', 'vector cannot contain metrics with the same labelset'],
  ])('%s: %s', async (expr, problem) => {
    const wanted = answer(
      load('m{x=1,y=a} 1', 'm{x=1} 1', 'n{x=1} 5', 'o{x=1,z=p} 10', 'many{x=1,n=1} 1', 'many{x=1,n=2} 2'),
      expr,
      0,
    );
    await expect(wanted).rejects.toThrow(problem);
  });
});

describe('aggregations', () => {
  const series = load(
    'a{g=x,i=1} 1',
    'a{g=x,i=2} 3',
    'a{g=y,i=1} NaN',
    'a{g=y,i=2} 5',
    'huge{i=1} 1e308',
    'huge{i=2} 1e308',
  );
  it.each([
    ['sum by (g) (a{g="x"})', ['{g=x} 4']],
    ['sum without (i) (a{g="x"})', ['{g=x} 4']],
    ['sum(nothing)', []], //                             nothing is not zero
    ['count(a)', ['{} 4']],
    ['max(a)', ['{} 5']], //                             NaN loses
    ['avg(huge)', ['{} 1e+308']], //                     no overflow on the way
    ['stdvar(a{g="x"})', ['{} 1']],
    ['quantile(0.5, a{g="x"})', ['{} 2']],
    ['group by (g) (a{g="x"})', ['{g=x} 1']],
    ['topk(2, a)', ['a{g=y,i=2} 5', 'a{g=x,i=2} 3']], //  best first
    ['bottomk by (g) (1, a)', ['a{g=x,i=1} 1', 'a{g=y,i=2} 5']], // NaN only when nothing else is left
    ['topk(0, a)', []],
    ['count_values("v", a{g="x"})', ['{v=1} 1', '{v=3} 1']],
  ])('%s: %j', async (expr, expected) => {
    expect(await answer(series, expr, 0)).toEqual(expected);
  });
});

describe('a range query', () => {
  it.each([
    // expression             minutes with a value    why
    ['a', [0, 1, 2, 3, 4]], //                        at minute 5 the sample is exactly too old
    ['count_over_time(a[2m])', [0, 1]], //            a window excludes its start
    ['a offset 2m', [2, 3, 4, 5, 6]],
    ['a @ 240', [0, 1, 2, 3, 4, 5, 6, 7]], //         one time for all steps
    ['a @ 300', []],
    ['a @ end()', []], //                             minute 7.5, which is no step
    ['a @ end() offset 210s', [0, 1, 2, 3, 4, 5, 6, 7]],
  ])('%s has values at the minutes %j', async (expr, minutes) => {
    const engine = createEngine({ store: fixtureSource(load('a 1')) });
    const { result } = await engine.range(expr, { startMs: 0, endMs: 7.5 * MINUTE, stepMs: MINUTE });
    expect((result[0]?.points ?? []).map(({ timeMs }) => timeMs / MINUTE)).toEqual(minutes);
  });

  it('answers a gap as a gap and orders series by their labels', async () => {
    const engine = createEngine({ store: fixtureSource(load('b 1 _ _ _ _ _ _ 8', 'a 1')) });
    const { result } = await engine.range('{__name__=~"a|b"}', {
      startMs: 0,
      endMs: 8 * MINUTE,
      stepMs: 4 * MINUTE,
    });
    expect(result.map(({ labels }) => labels['__name__'])).toEqual(['a', 'b']);
    expect(result[1]?.points).toEqual([
      { timeMs: 0, value: 1 },
      { timeMs: 4 * MINUTE, value: 1 },
      { timeMs: 8 * MINUTE, value: 8 },
    ]);
  });

  it.each([
    ['a', { startMs: 0, endMs: 60_000, stepMs: 0 }, 'zero or negative query resolution step'],
    ['a', { startMs: 1, endMs: 0, stepMs: 1 }, 'end timestamp must not be before start'],
    ['a', { startMs: 0, endMs: 11_000, stepMs: 1 }, '11001 points per series exceed the maximum of 11000'],
    ['a[5m]', { startMs: 0, endMs: 60_000, stepMs: 1000 }, 'must be Scalar or instant Vector'],
    ['a', { startMs: Number.NaN, endMs: 0, stepMs: 1 }, 'startMs: expected milliseconds since 1970, got NaN'],
  ])('%s over %j: %s', async (expr, range, problem) => {
    const engine = createEngine({ store: fixtureSource([]) });
    await expect(engine.range(expr, range)).rejects.toThrow(problem);
  });
});

describe('limits', () => {
  const store = fixtureSource(load(...Array.from({ length: 50 }, (_, at) => `a{i=${at}} 1 2 3`)));

  it('refuses a query that needs too many samples', async () => {
    const engine = createEngine({ store, limits: { maxSamples: 100 } });
    await expect(engine.instant('a', 3 * MINUTE)).rejects.toMatchObject({ code: 'limit' });
  });

  it('refuses a subquery with too many steps', async () => {
    const engine = createEngine({ store });
    await expect(engine.instant('max_over_time(a[10y:1s])', 0)).rejects.toMatchObject({ code: 'limit' });
  });

  it('stops when the caller gives up, with the reason of the caller', async () => {
    const engine = createEngine({ store });
    const reason = new Error('enough');
    const controller = new AbortController();
    const range = { startMs: 0, endMs: 10_000_000, stepMs: 1000 };
    const heavy = engine.range('sum(rate(a[1h])) + sum(rate(a[2h]))', range, { signal: controller.signal });
    controller.abort(reason);
    await expect(heavy).rejects.toBe(reason);
    await expect(engine.instant('a', 0, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('stops when its time is up, and lets the event loop turn meanwhile', async () => {
    const clock = manualClock();
    const engine = createEngine({ store, clock, limits: { timeoutMs: 100 } });
    const heavy = engine.range('sum(rate(a[1h]))', { startMs: 0, endMs: 10_000_000, stepMs: 1000 });
    // Only a loop that turns can run this before the query is done.
    setImmediate(() => clock.jumpTo(101));
    await expect(heavy).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('the shapes of core', () => {
  const engine = createEngine({ store: fixtureSource(load('a{x=1} 1')) });

  it('answers a scalar as one sample without labels', async () => {
    expect(await engine.query('1 + 1', 5)).toEqual([{ labels: {}, timeMs: 5, value: 2 }]);
  });

  it('answers nothing with an empty vector and a mistake with a rejection', async () => {
    expect(await engine.query('nothing', 0)).toEqual([]);
    await expect(engine.query('rate(a)', 0)).rejects.toMatchObject({ code: 'parse' });
    await expect(engine.query('a[5m]', 0)).rejects.toThrow(
      'expected an instant vector or a scalar, got matrix',
    );
  });

  it('counts queries by how they ended', async () => {
    const { resourceMetrics } = await engine.metricProducer.collect();
    const requests = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints;
    const counted = requests
      ?.filter(({ value }) => value !== 0)
      .map(({ attributes, value }) => [attributes['outcome'], value]);
    expect(counted).toEqual([
      ['ok', 3],
      ['parse', 1],
    ]);
  });
});

it.each([
  [{ store: {} }, 'createEngine: store: expected a store with a method select()'],
  [
    { store: fixtureSource([]), limits: { maxSteps: 0 } },
    'limits.maxSteps: expected a number above 0, got 0',
  ],
  [{ store: fixtureSource([]), nameRemoval: 'never' }, "nameRemoval: expected 'eager' or 'delayed'"],
])('refuses options %#', (options, problem) => {
  expect(() => createEngine(options as never)).toThrow(problem);
});

it('keeps the name until the end under delayed name removal', async () => {
  const series = load('a_total{x=1} 0 60', 'b_total{x=1} 0 120');
  const expr = 'label_replace(rate({x="1"}[2m]), "of", "$1", "__name__", "(.+)")';
  await expect(engineOver(series).instant(expr, MINUTE)).rejects.toThrow('same labelset');
  const { result } = await engineOver(series, { nameRemoval: 'delayed' }).instant(expr, MINUTE);
  expect(result).toMatchObject([
    { metric: { of: 'a_total', x: '1' } },
    { metric: { of: 'b_total', x: '1' } },
  ]);
});

it('remarks on a rate of what is no counter, with its place', async () => {
  const { infos } = await engineOver(load('gauge 1 2 3')).instant('1 + rate(gauge[5m])', 2 * MINUTE);
  expect(infos).toEqual([
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "gauge" (1:10)',
  ]);
});

it('shows the samples of a range without its start, also of a source that knows more', async () => {
  const run = {
    labels: labelSet([['__name__', 'a']]),
    times: Float64Array.of(0, 1_000, 2_000, 3_000, 4_000),
    values: Float64Array.of(0, 1, 2, 3, 4),
  };
  const { result } = await createEngine({ store: { select: () => [run] } }).instant('a[2s]', 3_000);
  expect(result).toMatchObject([{ points: [{ timeMs: 2_000 }, { timeMs: 3_000 }] }]);
  expect(result).toHaveProperty('0.points.length', 2);
});
