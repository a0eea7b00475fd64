import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, createStore, type Engine, type Store } from '../src/index.ts';
import { all } from './all.ts';
import { countTurns } from './count-turns.ts';

const SERIES = 1_200;
const COLLECTS = 240;
const STEP_MS = 15_000;
const LAST_MS = COLLECTS * STEP_MS;

const dataDir = mkdtempSync(join(tmpdir(), 'tidewatch-abort-'));
let store: Store;
let engine: Engine;

// An hour, of which all but the last chunk is in segments.
beforeAll(async () => {
  store = await createStore({ dataDir, headMs: 10 * 60_000 });
  for (let at = 1; at <= COLLECTS; at++) {
    const samples = Array.from({ length: SERIES }, (_, number) => ({
      labels: { __name__: 'seen_total', path: `/${number}/`.padEnd(400, 'x') },
      value: at * number + Math.sin(number),
    }));
    store.append(at * STEP_MS, samples);
    await nextTurn();
  }
  await store.close();
  store = await createStore({ dataDir, headMs: 10 * 60_000 });
  engine = createEngine({ store });
});

afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const span = { startMs: STEP_MS, endMs: LAST_MS, stepMs: STEP_MS };

/** How often the event loop turned, and how often of that after the abort in turn `abortAt`. */
async function turnsOf(
  run: (signal: AbortSignal) => Promise<unknown>,
  abortAt = Infinity,
): Promise<{ turns: number; outcome: unknown }> {
  const controller = new AbortController();
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (turns === abortAt) controller.abort('enough');
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const outcome = await run(controller.signal).then(
    () => 'answered',
    (error: unknown) => error,
  );
  isOver = true;
  return { turns, outcome };
}

it.for<[string, (signal: AbortSignal) => Promise<unknown>]>([
  [
    'an instant query',
    (signal) => engine.instant('quantile_over_time(0.9, seen_total[1h])', LAST_MS, { signal }),
  ],
  ['a range query', (signal) => engine.range('sum(rate(seen_total[5m]))', span, { signal })],
  [
    'reading segments',
    (signal) => engine.instant('count_over_time(seen_total[1h])', LAST_MS / 2, { signal }),
  ],
  [
    'a regular expression',
    (signal) => engine.instant('seen_total{path=~"/[0-9]*1[0-9]*/x*"}', LAST_MS, { signal }),
  ],
])('stops %s at the turn after the caller gave up', async ([, run]) => {
  const aborted = await turnsOf(run, 2);
  expect(aborted.outcome).toBe('enough');
  // The turn of the abort, and the one in which the query finds it.
  expect(aborted.turns).toBeLessThanOrEqual(4);
  const whole = await turnsOf(run);
  expect(whole.outcome).toBe('answered');
  expect(whole.turns).toBeGreaterThan(aborted.turns + 2);
});

describe('segments that nobody has read before', () => {
  let cold: Store;

  beforeEach(async () => {
    cold = await createStore({ dataDir: copyOf(dataDir), headMs: 10 * 60_000 });
  });

  afterEach(() => cold.close());

  it('let the event loop turn while their labels are read', async () => {
    const { turns, value } = await countTurns(cold.series([], 0, LAST_MS));
    expect(value).toHaveLength(SERIES);
    // 500 series a turn.
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('let the event loop turn while their columns are read', async () => {
    await cold.series([], 0, LAST_MS); // the labels
    const first = await countTurns(all(cold.select([], 0, LAST_MS)));
    const again = await countTurns(all(cold.select([], 0, LAST_MS)));
    const slots = first.value.reduce((sum, { times }) => sum + times.length, 0);
    expect(slots).toBeGreaterThan(200_000);
    // 25,000 slots a turn; the second time they are decoded.
    expect(first.turns - again.turns).toBeGreaterThanOrEqual(Math.floor(slots / 40_000));
  });
});

/** The open store holds the lock of its own folder. */
function copyOf(folder: string): string {
  const copy = join(folder, 'copy');
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.seg'))) {
    cpSync(join(folder, name), join(copy, name));
  }
  return copy;
}
