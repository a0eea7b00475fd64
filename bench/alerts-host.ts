// What alerting costs its host: a day with 10,000 alerts and no channel that works, and a large round of rules.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createAlerting, loadRules, type Channel } from '@tidewatch/alerts';
import { createEngine, createStore } from '@tidewatch/promql';
import { compare, longestTurn } from './support/measure.ts';
import { report } from './support/report.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const MINUTE = 60_000;
const startMs = Date.UTC(2026, 10, 23, 12);

const rows = [...(await dayWithoutChannels()), ...(await largeRound())];
report({
  name: 'alerts-host',
  title: 'alerts: what the host pays',
  rows,
  notes: [
    'The day: 10,000 alerts of one rule in 10,000 groups, three channels that never answer, state in a folder, an evaluation every twenty minutes with new values and texts, all simulated back to back.',
    'The bars: 99 % of the turns below 20 ms, growth below 50 MB (51,200 kB); a round of 1,000 rules over 5,000 series within 1 s, no turn of it above 20 ms.',
    'A turn of the day is measured by the processor time of the thread, collection of garbage included: other processes of a busy machine do not count.',
    'Memory in use is the heap after a collection of garbage, less that before the first alert. Growth is from the third hour to the end of the day. The rounds follow each other without a pause, which leaves the collector no idle time: what grows is garbage that V8 sees no need to collect yet. In life it is idle for twenty minutes between two of them.',
  ],
});

async function dayWithoutChannels() {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-bench-'));
  let nowMs = startMs;
  let count = 0;
  const names = Array.from({ length: 10_000 }, (_, index) => ({ pod: `pod-${index}` }));
  const vectors = Array.from({ length: 7 }, (_, seed) =>
    names.map((labels, index) => ({
      labels,
      timeMs: startMs,
      value: 1 + ((index * (seed + 3)) % 997) / 100,
    })),
  );
  let round = 0;
  const channel = (name: string): Channel => ({
    name,
    limit: { count: 17, perMs: MINUTE },
    send: async () => ({ status: 'retryable', detail: 'not reachable (ECONNREFUSED)' }),
  });
  const alerting = await createAlerting({
    rules: loadRules(`groups:
  - name: day
    rules:
      - alert: Slow
        expr: latency > 1
        labels: { severity: critical }
        annotations: { summary: '{{ $labels.pod }} takes {{ $value | humanizeDuration }}' }
`),
    // Made beforehand: what the engine costs is not asked here.
    query: async () => vectors[++round % vectors.length]?.slice(0, count) ?? [],
    route: { receiver: 'all', groupBy: ['pod'], groupWaitMs: 0 },
    receivers: { all: [channel('dingtalk'), channel('email'), channel('sms')] },
    store: { dir: folder },
    clock: { now: () => nowMs, sleep: () => new Promise<void>(() => {}) },
  });
  let residentBefore: number | undefined;
  let heap = Number.NaN;
  const turns: number[] = [];
  let last = process.threadCpuUsage();
  let isWatching = true;
  const turn = (): void => {
    if (!isWatching) return;
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    // Only turns with work in them are looked at: idle ones would hide them.
    if (user + system > 100) turns.push((user + system) / 1000);
    setImmediate(turn);
  };
  // The first round compiles what the others run.
  for (; nowMs < startMs + 5 * MINUTE; nowMs += MINUTE) await alerting.evaluate(nowMs);
  const heapBefore = liveBytes();
  count = names.length;
  last = process.threadCpuUsage();
  setImmediate(turn);
  for (; nowMs < startMs + 24 * 60 * MINUTE; nowMs += 20 * MINUTE) {
    if (residentBefore === undefined && nowMs > startMs + 2 * 60 * MINUTE) {
      heap = liveBytes() - heapBefore;
      residentBefore = process.memoryUsage().rss;
      // The collection that was just asked for is no turn of the alerting.
      last = process.threadCpuUsage();
    }
    await alerting.evaluate(nowMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  isWatching = false;
  assert.equal(alerting.alerts().length, names.length + 3);
  const heapGrowth = liveBytes() - heapBefore - heap;
  const growth = process.memoryUsage().rss - (residentBefore ?? Number.NaN);
  const begin = performance.now();
  await alerting.close();
  const closeMs = performance.now() - begin;
  await rm(folder, { recursive: true });
  turns.sort((a, b) => a - b);
  return [
    {
      what: 'a day of 10,000 alerts: 99 % of the turns with work stay below',
      unit: 'ms',
      here: quantile(turns, 0.99),
    },
    { what: 'a day of 10,000 alerts: longest turn', unit: 'ms', here: turns.at(-1) ?? Number.NaN },
    { what: '10,000 alerts and their messages: memory in use', unit: 'B', here: heap },
    { what: 'a day of them: growth of memory in use', unit: 'B', here: heapGrowth },
    { what: 'a day of them: growth of the process', unit: 'B', here: growth },
    { what: 'closing after it', unit: 'ms', here: closeMs },
  ] as const;
}

async function largeRound() {
  const store = await createStore();
  for (let turn = 0; turn < 40; turn++) {
    const samples = Array.from({ length: 5000 }, (_, index) => ({
      labels: { __name__: 'classification_accuracy', model: `model-${index % 1000}`, pod: `pod-${index}` },
      value: index % 10 === 0 ? 0.8 : 0.95,
    }));
    store.append(startMs + turn * 15_000, samples);
  }
  const atMs = startMs + 39 * 15_000;
  const rules = Array.from({ length: 1000 }, (_, index) => ({
    alert: `LowAccuracy${index}`,
    expr: `avg_over_time(classification_accuracy{model="model-${index}"}[5m]) < 0.85`,
    for: '10m',
    labels: { severity: 'critical' },
    annotations: { summary: 'Accuracy of {{ $labels.model }} is {{ $value | humanizePercentage }}' },
  }));
  const alerting = await createAlerting({
    rules: loadRules(`${JSON.stringify({ groups: [{ name: 'bench', rules }] })}\n`),
    query: createEngine({ store }).query,
    route: { receiver: 'nobody' },
    receivers: { nobody: [] },
  });
  const round = (): Promise<void> => alerting.evaluate(atMs);
  await round();
  assert.equal(alerting.alerts().length, 500);
  const [roundMs = Number.NaN] = await compare([{ run: round }]);
  const turnMs = await longestTurn(round);
  await alerting.close();
  return [
    { what: 'evaluate 1,000 rules over 5,000 series', unit: 'ms', here: roundMs },
    { what: 'its longest turn of the event loop', unit: 'ms', here: turnMs },
  ] as const;
}

/** What is still in use after a collection of garbage. */
function liveBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}
