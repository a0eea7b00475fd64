import { toHttpData } from '../../src/api/http-data.ts';
import { createEngine, createStore, type EngineOptions, type Store } from '../../src/index.ts';
import { DATA_SPAN_MS, DATA_START_MS } from './random-series.ts';
import type { FixtureEngine, FixtureSeries } from '../../src/testing/index.ts';

/** Axes that one store takes. */
const SERIES_PER_STORE = 50;

/**
 * An engine over the real store: each series is collected on an axis of its own, so that its gaps are its own too.
 * A stale mark is a collect without it.
 */
export async function storedEngine(
  series: readonly FixtureSeries[],
  options: Omit<EngineOptions, 'store'>,
): Promise<FixtureEngine> {
  const stores: Store[] = [];
  const clock = { now: () => DATA_START_MS + DATA_SPAN_MS, sleep: async (): Promise<void> => {} };
  for (const [number, { labels, t, v, stale }] of series.entries()) {
    if (number % SERIES_PER_STORE === 0) stores.push(await createStore({ clock }));
    for (const [at, timeMs] of t.entries()) {
      const samples = stale?.[at] === true ? [] : [{ labels, value: v[at] as number }];
      stores.at(-1)?.append(timeMs, samples, { axis: String(number) });
    }
  }
  const engine = createEngine({
    ...options,
    store: {
      async *select(matchers, fromMs, toMs) {
        for (const store of stores) yield* store.select(matchers, fromMs, toMs);
      },
    },
  });
  return {
    instant: async (expr, timeMs) => toHttpData(await engine.instant(expr, timeMs)),
    range: async (expr, startMs, endMs, stepMs) =>
      toHttpData(await engine.range(expr, { startMs, endMs, stepMs })),
  };
}
