// One decision of the scaler over a configuration with eight metrics and seven time windows.
import assert from 'node:assert/strict';
import { decide, loadAutoscalerConfig, type DecisionInput } from '@tidewatch/scaler';
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

const [plainMs = Number.NaN, windowedMs = Number.NaN] = await compare([
  { run: () => decide(input, plain) },
  { run: () => decide(input, windowed) },
]);
report({
  name: 'scaler',
  title: 'scaler: one decision',
  rows: [
    { what: 'decide over 8 metrics', unit: 'ms', here: plainMs },
    { what: 'decide over 8 metrics and 7 time windows', unit: 'ms', here: windowedMs },
  ],
  notes: ['No peer: no package of npm decides on replicas in process.'],
});
