// The state machine of one rule, and a whole round over a thousand rules.
import assert from 'node:assert/strict';
import { createAlerting, loadRules, step, type AlertRule, type Instances } from '@tidewatch/alerts';
import { createEngine, createStore } from '@tidewatch/promql';
import { compare } from './support/measure.ts';
import { report } from './support/report.ts';

const COUNT = 1_000;
const STEP_MS = 15_000;
const startMs = Date.UTC(2026, 10, 23, 12);

const rule: AlertRule = {
  kind: 'alert',
  name: 'LowAccuracy',
  expr: 'classification_accuracy < 0.85',
  forMs: 60_000,
  keepFiringForMs: 0,
  labels: { severity: 'critical' },
  annotations: { summary: 'Accuracy of {{ $labels.model }} is {{ $value | humanizePercentage }}' },
};
const vector = Array.from({ length: COUNT }, (_, index) => ({
  labels: { model: `model-${index}` },
  timeMs: startMs,
  value: 0.8,
}));
let instances: Instances = new Map();
let nowMs = startMs;

function stepOnce(): void {
  const result = step(rule, instances, vector, (nowMs += STEP_MS));
  assert.equal(result.status, 'ok');
  if (result.status === 'ok') ({ instances } = result);
}
for (let turn = 0; turn < 5; turn++) stepOnce();
assert.equal([...instances.values()].filter(({ state }) => state === 'firing').length, COUNT);

const rules = Array.from({ length: COUNT }, (_, index) => ({
  alert: `LowAccuracy${index}`,
  expr: `avg_over_time(classification_accuracy{model="model-${index}"}[5m]) < 0.85`,
  for: '10m',
}));
const store = await createStore();
for (let turn = 0; turn < 40; turn++) {
  const samples = vector.map(({ labels }, index) => ({
    labels: { __name__: 'classification_accuracy', ...labels },
    // Every tenth rule finds something.
    value: index % 10 === 0 ? 0.8 : 0.95,
  }));
  store.append(startMs + turn * STEP_MS, samples);
}
const atMs = startMs + 39 * STEP_MS;
await using alerting = await createAlerting({
  // JSON is YAML, and a text has more than one line.
  rules: loadRules(`${JSON.stringify({ groups: [{ name: 'bench', rules }] })}\n`),
  query: createEngine({ store }).query,
  route: { receiver: 'nobody' },
  receivers: { nobody: [] },
});
await alerting.evaluate(atMs);
assert.equal(alerting.alerts().length, COUNT / 10);

const [stepMs = Number.NaN, roundMs = Number.NaN] = await compare([
  { run: stepOnce },
  { run: () => alerting.evaluate(atMs) },
]);
report({
  name: 'alerts',
  title: 'alerts: rules',
  rows: [
    { what: 'step one rule with 1,000 firing alerts', unit: 'ms', here: stepMs },
    { what: 'evaluate 1,000 rules on the embedded engine', unit: 'ms', here: roundMs },
  ],
  notes: [
    'The store holds 1,000 series; each rule averages one of them over five minutes, every tenth raises an alert.',
    'No peer yet: Prometheus evaluates rules on its own clock and cannot be asked to do so now.',
  ],
});
