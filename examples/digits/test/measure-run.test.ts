import type { InstantQuery } from '@tidewatch/core';
import { describe, expect, it } from 'vitest';
import { measureRun, type RunFacts } from '../src/demo/measure-run.ts';
import { planDay } from '../src/demo/timeline.ts';
import { noTraffic } from '../src/traffic/traffic-counts.ts';

const startedMs = 1_000_000;
const timeline = planDay(100); // trouble from 42 s to 68 s, window 6.7 s

/** A store in which everything has this value, and what it was asked. */
function storeOf(value: number | undefined) {
  const asked: [expr: string, atMs: number][] = [];
  const query: InstantQuery = async (expr, timeMs) => {
    asked.push([expr, timeMs]);
    return value === undefined ? [] : [{ labels: {}, timeMs, value }];
  };
  return { query, asked };
}

function factsOf(facts: Partial<RunFacts>): RunFacts {
  return {
    query: storeOf(undefined).query,
    timeline,
    startedMs,
    nowMs: startedMs + timeline.dayMs,
    counts: noTraffic(),
    alerts: [],
    decisions: [{ action: 'hold', from: 1, to: 1 }],
    pageUrl: 'http://127.0.0.1:1/monitor',
    ...facts,
  };
}

it('asks for the times before the trouble, in it, and of the whole run', async () => {
  const { query, asked } = storeOf(0.5);
  const report = await measureRun(factsOf({ query }));
  expect(report).toMatchObject({ accuracyBefore: 0.5, accuracyAfter: 0.5, p99Seconds: 0.5 });
  expect(asked).toEqual([
    ['avg_over_time(classification_accuracy[42s])', startedMs + 42_000],
    ['avg_over_time(classification_accuracy[19s])', startedMs + 68_000], // a window later: nothing older is in it
    [expect.stringMatching(/^histogram_quantile\(0\.99, .*\[100s\]\)\)\)$/), startedMs + 100_000],
  ]);
});

describe('what was not measured is null, never 0', () => {
  it.for([
    // the run                              before the trouble   in it   P99
    ['nothing in the store', {}, [null, null, null]],
    ['a store of NaN', { query: storeOf(Number.NaN).query }, [null, null, null]],
    ['cut before the trouble', { query: storeOf(1).query, nowMs: startedMs + 30_000 }, [null, null, 1]],
    [
      'cut in the first window of the trouble',
      { query: storeOf(1).query, nowMs: startedMs + 45_000 },
      [1, null, 1],
    ],
    ['cut later in the trouble', { query: storeOf(1).query, nowMs: startedMs + 60_000 }, [1, 1, 1]],
    ['cut at once', { query: storeOf(undefined).query, nowMs: startedMs }, [null, null, null]],
  ] as [string, Partial<RunFacts>, unknown[]][])('%s', async ([, facts, expected]) => {
    const { accuracyBefore, accuracyAfter, p99Seconds } = await measureRun(factsOf(facts));
    expect([accuracyBefore, accuracyAfter, p99Seconds]).toEqual(expected);
  });

  it('of a run without a decision no replicas are known', async () => {
    const { replicas, decisions } = await measureRun(factsOf({ decisions: [] }));
    expect({ replicas, decisions }).toEqual({ replicas: { min: null, max: null, changes: 0 }, decisions: 0 });
  });

  it('survives being printed as JSON', async () => {
    const report = await measureRun(factsOf({ decisions: [] }));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

it('counts replicas and changes from the decisions, and failures of every kind', async () => {
  const counts = { ...noTraffic(), sent: 10 };
  counts.failed = { ...counts.failed, timeout: 2, reset: 1 };
  const decisions = [
    { action: 'up', from: 1, to: 3 },
    { action: 'hold', from: 3, to: 3 },
    { action: 'down', from: 3, to: 2 },
  ] as const;
  expect(await measureRun(factsOf({ counts, decisions }))).toMatchObject({
    requests: 10,
    failed: 3,
    replicas: { min: 1, max: 3, changes: 2 },
    decisions: 3,
  });
});

it('says that a store cannot answer, instead of a figure', async () => {
  const query: InstantQuery = async () => {
    throw new Error('the store is closed');
  };
  await expect(measureRun(factsOf({ query }))).rejects.toThrow('the store is closed');
});
