import type { InstantQuery, RangeQuery } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { explainDecisions } from '../src/command/explain-decisions.ts';
import { waitProbability } from '../src/capacity/sojourn-tail.ts';
import {
  createAutoscaler,
  loadAutoscalerConfig,
  memoryStateStore,
  simulatedTarget,
  type Forecaster,
  type ScaleTarget,
} from '../src/index.ts';

const config = loadAutoscalerConfig(`
metrics:
  - name: qps
    query: rate
    scale_up_threshold: 15
    scale_down_threshold: 5
    per: replica
scaling: { max_replicas: 30 }
slo:
  max_latency: 500
  latency_query: latency
`);
const TICK_MS = 15_000;

/** Replicas that each take 50 ms for one request at a time, and the queue before them. */
function serviceOf(target: ScaleTarget, load: () => number | undefined): InstantQuery {
  return async (expr, timeMs) => {
    const rate = load();
    if (rate === undefined) throw new Error('no answer');
    const { ready } = await target.observe(new AbortController().signal);
    const busy = rate * 0.05;
    const latency = busy < ready ? 0.05 * (1 + waitProbability(ready, busy) / (ready - busy)) : 10;
    return [{ labels: {}, timeMs, value: expr === 'rate' ? rate : latency }];
  };
}

it('learns a service tick by tick, and knows it again after a restart', async () => {
  const clock = manualClock(1_800_000_000_000);
  const stateStore = memoryStateStore();
  const target = simulatedTarget({ clock });
  let load = 100;
  const options = { config, target, clock, stateStore, query: serviceOf(target, () => load) };
  const first = createAutoscaler(options);
  for (let tick = 0; tick < 200; tick++) {
    await first.tick();
    await clock.advance(TICK_MS);
  }
  const settled = first.decisions().at(-1);
  expect(settled).toMatchObject({ action: 'hold', reason: 'enough-replicas', plan: { needed: 6 } });
  expect(settled?.sentence['zh-CN']).toContain('实例数正合适');
  // The rate asks for what is planned; the thresholds, by which 100 would be far too much for 6, have no say.
  expect(settled?.asks).toEqual({ qps: settled?.plan?.replicas });
  await first.close();

  const second = createAutoscaler(options);
  load = 180;
  const risen = await second.tick();
  expect(risen).toMatchObject({ action: 'up', reason: 'load-needs-more', plan: { needed: 10 } });
  expect(risen?.sentence.en).toMatch(
    /^The load \(QPS=.*\) needs 10 replicas, its ramps within a start-up \d+: scaling up; /,
  );
  load = 20;
  await clock.advance(TICK_MS);
  // What the first one saw a moment ago is remembered by the second: nothing is surplus yet.
  const fallen = await second.tick();
  expect(fallen).toMatchObject({ action: 'hold', reason: 'recently-needed' });
  expect(fallen?.otherwise).toEqual([{ without: 'recently-needed', to: fallen?.plan?.replicas }]);
  await second.close();
});

it('holds through an outage of the metrics, whatever it has learned', async () => {
  const clock = manualClock(1_800_000_000_000);
  let isDown = false;
  const target = simulatedTarget({ clock });
  const query = serviceOf(target, () => (isDown ? undefined : 200));
  await using autoscaler = createAutoscaler({ config, target, clock, query });
  for (let tick = 0; tick < 60; tick++) {
    await autoscaler.tick();
    await clock.advance(TICK_MS);
  }
  const before = autoscaler.status().replicas?.desired ?? 0;
  expect(before).toBeGreaterThan(9);
  isDown = true;
  for (let tick = 0; tick < 120; tick++) {
    const record = await autoscaler.tick();
    expect(record).toMatchObject({ action: 'hold', reason: 'metric-unknown', to: before });
    await clock.advance(TICK_MS);
  }
});

it('asks a forecaster beside its ticks, and does without when it fails', async () => {
  const clock = manualClock(1_800_000_000_000);
  const target = simulatedTarget({ clock });
  let asked = 0;
  const forecaster: Forecaster = {
    name: 'calendar',
    async forecast({ startMs, stepMs, rates }, steps) {
      if (++asked === 2) throw new Error('no calendar');
      return {
        startMs: startMs + rates.length * stepMs,
        stepMs,
        rates: Array.from({ length: steps }, () => 500),
      };
    },
  };
  const query = serviceOf(target, () => 100);
  await using autoscaler = createAutoscaler({ config, target, clock, query, forecaster });
  const expected: (number | undefined)[] = [];
  for (let tick = 0; tick < 210; tick++) {
    const record = await autoscaler.tick();
    expected.push(record?.plan?.byExpert['calendar']);
    await clock.advance(TICK_MS);
  }
  // From five minutes of history on, every quarter of an hour; the second time fails, and nothing is expected.
  expect(asked).toBe(4);
  expect(expected[10]).toBeUndefined();
  expect(expected[60]).toBeGreaterThan(20);
  expect(expected[110]).toBeUndefined();
  expect(expected[180]).toBeGreaterThan(20);
  const [last] = autoscaler.decisions().slice(-1);
  expect(last?.forecasts).toMatchObject({ calendar: 500 });
  const lines = explainDecisions(autoscaler.decisions().slice(-1), 'en');
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}- plan: \d+ replicas; the load needs 6, its ramps within a start-up \d+$/),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}- a shortage is priced at [\d.]+ replicas; .* [\d.]+ %$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}- forecast calendar: 500, which needs \d+/));
  expect(lines).toContain('  - qps: 100');
  expect(lines.join('\n')).not.toMatch(/asks for more|alone it leads to/);
  expect(explainDecisions(autoscaler.decisions().slice(-1), 'zh-CN').join('\n')).toMatch(
    /计划:\d+个实例[^]*预测 calendar:500,需要\d+个/,
  );
});

it('knows at the start what the load did in the last days', async () => {
  const clock = manualClock(1_800_000_000_000);
  const asked: { startMs: number; endMs: number; stepMs: number }[] = [];
  const history: RangeQuery = async (_expr, range) => {
    asked.push(range);
    const length = (range.endMs - range.startMs) / range.stepMs + 1;
    if (length > 11_000) throw new Error('exceeded maximum resolution of 11,000 points per timeseries');
    const points = Array.from({ length }, (_, minute) => ({
      timeMs: range.startMs + minute * range.stepMs,
      // Every hour it doubles within a minute, for ten minutes; four days are whole hours.
      value: minute % 60 < 10 ? 200 : 100,
    }));
    return [{ labels: {}, points }];
  };
  const first = async (more: { history?: RangeQuery }): Promise<number> => {
    const target = simulatedTarget({ clock, initialReplicas: 8 });
    const options = { config, target, clock, query: serviceOf(target, () => 100), ...more };
    await using autoscaler = createAutoscaler(options);
    return (await autoscaler.tick())?.plan?.forRamps ?? Number.NaN;
  };
  const [unknowing, knowing] = [await first({}), await first({ history })];
  const minutes = asked.flatMap(({ startMs, endMs, stepMs }) =>
    Array.from({ length: (endMs - startMs) / stepMs + 1 }, (_, step) => startMs + step * stepMs),
  );
  // Eight days, each minute once and in its order, up to the present.
  expect(minutes).toEqual(
    Array.from({ length: 8 * 1440 }, (_, minute) => clock.now() - (8 * 1440 - minute) * 60_000),
  );
  expect(knowing).toBeGreaterThanOrEqual(11); // 200 requests a second need eleven
  expect(unknowing).not.toBe(knowing);
  const failing: RangeQuery = async () => {
    throw new Error('no history');
  };
  expect(await first({ history: failing })).toBe(unknowing);
});
