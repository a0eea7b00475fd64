import { ConfigError, type Labels } from '@tidewatch/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createEngine } from '../engine/engine.ts';
import { labelOf } from '../labels/label-set.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { all } from '../../test/all.ts';
import { createStore, type Store, type StoreOptions } from './store.ts';

const MINUTE = 60_000;

function sample(name: string, value = 1, labels: Labels = {}): { labels: Labels; value: number } {
  return { labels: { __name__: name, ...labels }, value };
}

function named(value: string, operator: LabelMatcher['operator'] = '='): LabelMatcher {
  return { name: '__name__', operator, value };
}

/** `name=value@minute`, a stale mark as `†`. */
async function held(
  store: Store,
  matchers = [named('.+', '=~')],
  fromMs = -1,
  toMs = 1e15,
): Promise<string[]> {
  return (await all(store.select(matchers, fromMs, toMs))).flatMap(({ labels, times, values, stale }) =>
    [...times].map(
      (time, at) => `${labelOf(labels, '__name__')}=${stale?.[at] === 1 ? '†' : values[at]}@${time / MINUTE}`,
    ),
  );
}

/** All values of one store metric by label. */
async function metric(store: Store, name: string): Promise<Record<string, unknown>> {
  const { resourceMetrics } = await store.metricProducer.collect();
  const found = resourceMetrics.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === name);
  return Object.fromEntries(
    (found?.dataPoints ?? []).map(({ attributes, value }) => [attributes['reason'] ?? '', value]),
  );
}

/** So many labels besides the name. */
function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`label_${at}`, 'x']));
}

describe('append', () => {
  it('keeps a collect under one time', async () => {
    const store = await createStore();
    store.append(MINUTE, [sample('a', 1), sample('b', 2)]);
    store.append(2 * MINUTE, [sample('a', 3), sample('b', Number.NaN)]);
    expect(await held(store)).toEqual(['a=1@1', 'a=3@2', 'b=2@1', 'b=NaN@2']);
  });

  it('marks a series stale at the first collect that lacks it, and lets it come back', async () => {
    const store = await createStore();
    store.append(0, [sample('a'), sample('b')]);
    store.append(MINUTE, [sample('a')]);
    store.append(2 * MINUTE, [sample('a')]);
    store.append(3 * MINUTE, [sample('a'), sample('b', 5)]);
    expect(await held(store, [named('b')])).toEqual(['b=1@0', 'b=†@1', 'b=5@3']);
    const engine = createEngine({ store });
    expect(await engine.query('b', 2 * MINUTE)).toEqual([]);
  });

  it('knows its series again in whatever order and number they come', async () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    await fc.assert(
      fc.asyncProperty(fc.array(names, { maxLength: 6 }), async (collects) => {
        const store = await createStore();
        for (const [at, collect] of collects.entries()) {
          const samples = collect.map((name, place) =>
            // The labels in another order now and then, as a Map or a parser would give them.
            (at + place) % 3 === 0
              ? { labels: { x: '', job: name, __name__: name }, value: at }
              : { labels: { __name__: name, job: name }, value: at },
          );
          store.append(at * MINUTE, samples);
        }
        for (const name of ['a', 'b', 'c', 'd', 'e'] as const) {
          const values = (await held(store, [named(name)])).filter((sample) => !sample.includes('†'));
          const expected = collects.flatMap((collect, at) => (collect.includes(name) ? [at] : []));
          expect(values).toEqual(expected.map((at) => `${name}=${at}@${at}`));
        }
        expect(await metric(store, 'tidewatch_store_dropped_samples_total')).toMatchObject({ duplicate: 0 });
      }),
      { seed: 3 },
    );
  });

  it('gives the place of a source that ended a retention ago to the next', async () => {
    const store = await createStore({ retentionMs: 10 * MINUTE, maxSeries: 100 });
    // A worker a minute: more in all than there may be at one time.
    for (let worker = 0; worker < 200; worker++) {
      store.append(worker * MINUTE, [sample('up', 1, { worker: String(worker) })], { axis: `w${worker}` });
    }
    expect(await metric(store, 'tidewatch_store_dropped_samples_total')).toMatchObject({
      axis_limit: 0,
      series_limit: 0,
    });
    expect(await metric(store, 'tidewatch_store_series')).toEqual({ '': 10 });
  });

  it('counts what is no sample at all, and keeps the rest of the collect', async () => {
    const store = await createStore();
    const samples = [sample('a'), null, undefined, { labels: null, value: 1 }, {}, sample('b')] as never[];
    store.append(0, samples);
    store.append(MINUTE, samples);
    expect(await held(store)).toEqual(['a=1@0', 'a=1@1', 'b=1@0', 'b=1@1']);
    expect(await metric(store, 'tidewatch_store_dropped_samples_total')).toMatchObject({ bad_sample: 8 });
  });

  it('leaves the series of other axes alone', async () => {
    const store = await createStore();
    store.append(0, [sample('a')], { axis: 'scrape' });
    store.append(10, [sample('ALERTS')], { axis: 'rules' });
    store.append(MINUTE, [], { axis: 'rules' });
    expect(await held(store)).toEqual(['a=1@0', `ALERTS=1@${10 / MINUTE}`, 'ALERTS=†@1']);
  });

  it.each([
    ['out_of_order', 'a clock that went back', 5, [sample('a')], {}],
    ['out_of_order', 'the same time again', 10, [sample('a')], {}],
    ['out_of_order', 'no time', Number.NaN, [sample('a')], {}],
    ['duplicate', 'one series twice in a collect', 20, [sample('a'), sample('a', 2)], {}],
    ['other_axis', 'a series of another axis', 20, [sample('a')], { axis: 'other' }],
    ['series_limit', 'a third series', 20, [sample('b'), sample('c')], {}],
    ['label_limit', 'a huge label', 20, [sample('b', 1, { x: 'y'.repeat(1025) })], {}],
    ['label_limit', 'a huge name of a label', 20, [sample('b', 1, { ['x'.repeat(257)]: 'y' })], {}],
    ['label_limit', '65 labels', 20, [sample('b', 1, numbered(64))], {}],
    ['bad_sample', 'a value that is no number', 20, [sample('b', '1' as never)], {}],
    ['bad_sample', 'a label that is no text', 20, [sample('b', 1, { x: 1 as never })], {}],
  ] as const)('counts as %s: %s', async (reason, _, timeMs, samples, options) => {
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const store = await createStore({ maxSeries: 2, logger });
    store.append(10, [sample('a', 7)]);
    store.append(timeMs, samples, options);
    store.append(timeMs + 1, samples, options);
    const dropped = await metric(store, 'tidewatch_store_dropped_samples_total');
    const total = Object.values(dropped).reduce<number>((sum, count) => sum + Number(count), 0);
    expect(dropped[reason]).toBe(reason === 'out_of_order' && timeMs === 10 ? 1 : total);
    expect(total).toBeGreaterThan(0);
    expect((await held(store))[0]).toMatch(/^a=7@/);
    expect(logger.warn).toHaveBeenCalledTimes(1); // once a reason, not once a sample
  });

  it('takes labels named like parts of every object', async () => {
    const store = await createStore();
    const labels = Object.fromEntries([
      ['__name__', 'a'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    store.append(0, [{ labels, value: 1 }]);
    expect(await createEngine({ store }).query('a{"__proto__"="x", constructor="y"}', 0)).toHaveLength(1);
    expect(await createEngine({ store }).query('{toString=~".+"}', 0)).toEqual([]);
  });

  it('stores nothing after close, and says so', async () => {
    const store = await createStore();
    await store.close();
    await store.close();
    store.append(0, [sample('a')]);
    expect(await held(store)).toEqual([]);
    expect(await metric(store, 'tidewatch_store_dropped_samples_total')).toMatchObject({ closed: 1 });
  });
});

describe('retention', () => {
  it('evicts whole chunks, and forgets series without samples', async () => {
    const store = await createStore({ retentionMs: 60 * MINUTE });
    store.append(0, [sample('early'), sample('always')]);
    for (let minute = 1; minute <= 400; minute++) store.append(minute * MINUTE, [sample('always', minute)]);
    const kept = await held(store);
    expect(kept.at(-1)).toBe('always=400@400');
    expect(kept.length).toBeLessThanOrEqual(60 + 2 * 120);
    expect(await metric(store, 'tidewatch_store_series')).toEqual({ '': 1 });
    expect(await metric(store, 'tidewatch_store_evicted_series_total')).toEqual({ '': 1 });
    // The place is free again.
    store.append(401 * MINUTE, [sample('early', 9)]);
    expect(await held(store, [named('early')])).toEqual(['early=9@401']);
  });

  it('stays within its memory however long it runs', async () => {
    const store = await createStore({ retentionMs: 60 * MINUTE });
    const bytes: unknown[] = [];
    for (let minute = 1; minute <= 3000; minute++) {
      store.append(minute * MINUTE, [sample(`short${minute % 50}`), sample('always')]);
      if (minute % 1000 === 0) bytes.push((await metric(store, 'tidewatch_store_bytes'))['']);
    }
    expect(Math.max(...bytes.map(Number))).toBeLessThan(51 * 3 * 120 * 9);
  });
});

describe('select', () => {
  it.each([
    [[named('a')], ['a=1@0']],
    [[named('a', '!=')], ['b=2@0', 'b=3@0']],
    [[named('a|b', '=~'), { name: 'x', operator: '=', value: '' }], ['a=1@0']], //  absent is empty
    [[named('.+', '=~'), { name: 'x', operator: '!~', value: '1?' }], ['b=3@0']],
    [[named('nothing')], []],
    [
      [named('b'), { name: 'x', operator: '=~', value: '1|2' }],
      ['b=2@0', 'b=3@0'],
    ],
  ] as const)('%j finds %j', async (matchers, expected) => {
    const store = await createStore();
    store.append(0, [sample('a', 1), sample('b', 2, { x: '1' }), sample('b', 3, { x: '2' })]);
    expect(await held(store, [...matchers] as never)).toEqual(expected);
  });

  it('excludes the start of the times and includes their end, across chunks', async () => {
    const store = await createStore({ retentionMs: 1e9 });
    for (let minute = 0; minute < 300; minute++) store.append(minute * MINUTE, [sample('a', minute)]);
    const found = await held(store, [named('a')], 100 * MINUTE, 250 * MINUTE);
    expect(found).toHaveLength(150);
    expect([found[0], found.at(-1)]).toEqual(['a=101@101', 'a=250@250']);
  });
});

it.each([
  [{ dataDir: '' }, 'createStore: dataDir: expected the path of a folder, got ""'],
  [{ headMs: -1 }, 'createStore: headMs: expected a whole number above 0, got -1'],
  [{ retentionMS: 5 }, 'createStore: retentionMS: unknown option; did you mean "retentionMs"?'],
  [{ maxSeries: 0.5 }, 'createStore: maxSeries: expected a whole number above 0, got 0.5'],
])('refuses the options %j', async (options, problem) => {
  const refused = createStore(options as StoreOptions);
  await expect(refused).rejects.toBeInstanceOf(ConfigError);
  await expect(createStore(options as StoreOptions)).rejects.toThrow(problem);
});
