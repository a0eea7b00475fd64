// One decision of the scaler over a configuration with eight metrics and seven time windows, and a round of a
// thousand controllers in one process.
import assert from 'node:assert/strict';
import {
  createAutoscaler,
  decide,
  frameOf,
  learnTick,
  loadAutoscalerConfig,
  memoryStateStore,
  newKnowledge,
  simulatedTarget,
  type DecisionInput,
} from '@tidewatch/scaler';
import { compare } from './support/measure.ts';
import { report } from './support/report.ts';

const names = Array.from({ length: 8 }, (_, index) => `metric_${index}`);
const metrics = names.map((name) => ({
  name,
  query: `sum(rate(${name}_total[1m]))`,
  scale_up_threshold: 100,
  scale_down_threshold: 30,
}));
const timeWindows = Array.from({ length: 7 }, (_, hour) => ({
  name: `window-${hour}`,
  start: `0${hour}:00`,
  end: `0${hour + 1}:00`,
  timezone: 'Asia/Shanghai',
}));
const scaling = { min_replicas: 1, max_replicas: 10, cooldown: 300 };
// JSON is YAML.
const plain = loadAutoscalerConfig(JSON.stringify({ metrics, scaling }));
const windowed = loadAutoscalerConfig(JSON.stringify({ metrics, scaling, time_windows: timeWindows }));

const nowMs = Date.UTC(2026, 10, 23, 12);
const input: DecisionInput = {
  nowMs,
  metrics: names.map((name) => ({ name, state: 'value', value: 450, timeMs: nowMs - 1_000 })),
  replicas: { desired: 3, ready: 3, starting: 0, draining: 0 },
};
assert.equal(decide(input, plain).reason, 'above-threshold');
assert.equal(decide(input, windowed).reason, 'above-threshold');

// A service that was watched for a day, of up to 200 replicas, with forecasts of two experts.
const kept = loadAutoscalerConfig(
  JSON.stringify({
    metrics,
    scaling: { max_replicas: 200 },
    slo: { max_latency: 500, replica_rps: 20 },
  }),
);
const frame = frameOf(kept);
assert.ok(frame);
const service = newKnowledge(frame.objective.budget);
const dayTicks = 5760;
const load = (tick: number): number => 1500 + 900 * Math.sin(tick / 917) + ((tick * 7919) % 101);
for (let tick = 0; tick < 2 * dayTicks; tick++) {
  const atMs = nowMs + (tick - 2 * dayTicks) * 15_000;
  learnTick(service, { nowMs: atMs, requestsPerSecond: load(tick), ready: 120 }, frame);
}
const busy: DecisionInput = {
  nowMs,
  metrics: names.map((name) => ({ name, state: 'value', value: 2000, timeMs: nowMs - 1_000 })),
  replicas: { desired: 110, ready: 110, starting: 0, draining: 0 },
  service,
  forecasts: { day: 2100, week: 1900 },
};
assert.ok(decide(busy, kept).plan);
let learned = 0;

// A thousand services, whose load goes up and down so that each round changes some of them.
const TARGETS = 1000;
let round = 0;
const autoscalers = Array.from({ length: TARGETS }, (_, index) =>
  createAutoscaler({
    config: { ...windowed, cooldownMs: { up: 0, down: 0 } },
    target: simulatedTarget({ initialReplicas: 3 }),
    stateStore: memoryStateStore(),
    query: async (_expr, timeMs) => [{ labels: {}, timeMs, value: (round + index) % 4 === 0 ? 20 : 450 }],
    keepDecisions: 10,
  }),
);
const tickAll = async (): Promise<void> => {
  round++;
  await Promise.all(autoscalers.map((autoscaler) => autoscaler.tick()));
};
await tickAll();
assert.ok(autoscalers.every((autoscaler) => autoscaler.decisions().length === 1));

const [
  plainMs = Number.NaN,
  windowedMs = Number.NaN,
  keptMs = Number.NaN,
  learnMs = Number.NaN,
  tickMs = Number.NaN,
] = await compare([
  { run: () => decide(input, plain) },
  { run: () => decide(input, windowed) },
  { run: () => decide(busy, kept) },
  {
    run: () => {
      const atMs = nowMs + ++learned * 15_000;
      learnTick(service, { nowMs: atMs, requestsPerSecond: load(learned), ready: 120 }, frame);
    },
  },
  { run: tickAll },
]);
await Promise.all(autoscalers.map((autoscaler) => autoscaler.close()));
report({
  name: 'scaler',
  title: 'scaler: one decision',
  rows: [
    { what: 'decide over 8 metrics', unit: 'ms', here: plainMs },
    { what: 'decide over 8 metrics and 7 time windows', unit: 'ms', here: windowedMs },
    { what: 'decide for a latency objective, up to 200 replicas, 2 forecasts', unit: 'ms', here: keptMs },
    { what: 'learn from one tick of it', unit: 'ms', here: learnMs },
    { what: '1,000 controllers, a round each: 8 metrics, 7 time windows', unit: 'ms', here: tickMs },
  ],
  notes: [
    'No peer: no package of npm decides on replicas in process.',
    'A round counts the replicas, asks the metrics, decides, explains and keeps the state, with queries and targets that answer at once.',
  ],
});
