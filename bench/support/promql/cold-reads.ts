import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, createStore, type Engine, type Store } from '@tidewatch/promql';
import { watchTurns } from '../measure.ts';
import type { Row } from '../report.ts';
import { LAST_MS } from './one-day.ts';

const HOUR_MS = 3_600_000;
const RUNS = 3;
/** Moments of one query at which somebody gives up. */
const ABORTS = 12;

/** What reads most: every sample of the day. */
const EVERYTHING = {
  query: 'count by (__name__) (last_over_time({__name__=~".+"}[5m]))',
  range: { startMs: LAST_MS - 23.9 * HOUR_MS, endMs: LAST_MS, stepMs: 300_000 },
};

/** How long the event loop waits while a day is read from segments that nobody has read before. */
export async function coldReads(dataDir: string): Promise<Row[]> {
  const turns: number[] = [];
  const listings: number[] = [];
  const aborts: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    listings.push(await withStore(dataDir, (store) => watchTurns(() => store.series([], 0, LAST_MS))));
    turns.push(
      await withStore(dataDir, (_, engine) =>
        watchTurns(() => engine.range(EVERYTHING.query, EVERYTHING.range)),
      ),
    );
    aborts.push(await withStore(dataDir, (_, engine) => longestAbort(engine)));
  }
  const hours = '24 h of 5,000 series from segments, read for the first time';
  return [
    { what: `longest turn of a query over ${hours}`, unit: 'ms', here: median(turns) },
    { what: `longest turn of listing the series of ${hours}`, unit: 'ms', here: median(listings) },
    {
      what: `longest of ${ABORTS} aborts of that query, from when the signal was due to the rejection`,
      unit: 'ms',
      here: median(aborts),
    },
  ];
}

/** Opened anew: nothing is decoded yet. */
async function withStore<T>(dataDir: string, use: (store: Store, engine: Engine) => Promise<T>): Promise<T> {
  await using store = await createStore({ dataDir });
  return await use(store, createEngine({ store, limits: { maxSamples: 100_000_000, timeoutMs: 120_000 } }));
}

async function longestAbort(engine: Engine): Promise<number> {
  const startMs = performance.now();
  await engine.range(EVERYTHING.query, EVERYTHING.range);
  const wholeMs = performance.now() - startMs;
  let longestMs = 0;
  for (let at = 0; at < ABORTS; at++) {
    const controller = new AbortController();
    const afterMs = ((at + 0.5) / ABORTS) * wholeMs * 0.8;
    const dueMs = performance.now() + afterMs;
    const aborting = sleep(afterMs).then(() => controller.abort());
    const outcome = await engine
      .range(EVERYTHING.query, EVERYTHING.range, { signal: controller.signal })
      .then(
        () => 'answered',
        () => 'aborted',
      );
    if (outcome === 'aborted') longestMs = Math.max(longestMs, performance.now() - dueMs);
    await aborting;
  }
  return longestMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
