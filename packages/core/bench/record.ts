// What one prediction costs the service, beside three metric libraries that keep the same accounts:
// predicted class, true class, latency, and confidence by whether it was right, without which there is no calibration.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import * as official from '@prometheus-io/client';
import { createClassifierMonitor, openMetricsHandler, type ClassifierMonitor } from '@tidewatch/core';
import * as promClient from 'prom-client';
import { holdBars } from '../../../bench/support/bars.ts';
import { compare, cpuMs, longestTurn } from '../../../bench/support/measure.ts';
import { report, type Row } from '../../../bench/support/report.ts';
import { seeded } from '../../../bench/support/seeded.ts';

const CLASSES = Array.from({ length: 10 }, (_, index) => `class-${index}`);
const EVENTS = 20_000;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SHARES = Array.from({ length: 14 }, (_, index) => (index + 1) / 15);
/** Three windows from one ring: one minute, five, and an hour. */
const WINDOWS = { windowMs: 300_000, windows: [60_000, 3_600_000] };

const model = 'digits';
/** Made once: peers need not be handed new objects where one will do. */
const LABELS = {
  model,
  own: { model },
  right: { model, correct: 'true' },
  wrong: { model, correct: 'false' },
};

const random = seeded(1);
const pick = (classes: readonly string[] = CLASSES): string =>
  classes[Math.floor(random() * classes.length)]!;
const events = Array.from({ length: EVENTS }, () => {
  const actual = pick();
  const predicted = random() < 0.9 ? actual : pick();
  return { actual, predicted, durationSeconds: random() ** 3, confidence: random() };
});

interface Accountant {
  readonly name: string;
  run(): void;
  /** Events by `actual predicted`, in order. */
  cells(): Promise<string[]>;
}

const collectGarbage = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

function ours(): Accountant {
  const monitor = createClassifierMonitor({ model: 'digits', classes: CLASSES, ...WINDOWS });
  const handler = openMetricsHandler([monitor.metricProducer]);
  return {
    name: 'Tidewatch',
    run() {
      for (const event of events) monitor.record(event);
    },
    cells: async () => cellsOf((await (await handler(new Request('http://host/')))?.text()) ?? ''),
  };
}

/** prom-client 15 and its official successor have one interface. */
function client(name: string, { Counter, Histogram, Registry }: typeof promClient): Accountant {
  const registers = [new Registry()];
  const { model, own, right, wrong } = LABELS;
  const cells = new Counter({
    name: 'classification_confusion_total',
    help: 'x',
    labelNames: ['model', 'actual', 'predicted'],
    registers,
  });
  const seconds = new Histogram({
    name: 'seconds',
    help: 'x',
    labelNames: ['model'],
    buckets: SECONDS,
    registers,
  });
  const shares = new Histogram({
    name: 'shares',
    help: 'x',
    labelNames: ['model', 'correct'],
    buckets: SHARES,
    registers,
  });
  return {
    name,
    run() {
      for (const { actual, predicted, durationSeconds, confidence } of events) {
        cells.inc({ model, actual, predicted });
        seconds.observe(own, durationSeconds);
        shares.observe(predicted === actual ? right : wrong, confidence);
      }
    },
    cells: async () => cellsOf((await registers[0]?.metrics()) ?? ''),
  };
}

function openTelemetry(): Accountant {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter('bench');
  const { model, own, right, wrong } = LABELS;
  const cells = meter.createCounter('classification_confusion_total');
  const seconds = meter.createHistogram('seconds', { advice: { explicitBucketBoundaries: SECONDS } });
  const shares = meter.createHistogram('shares', { advice: { explicitBucketBoundaries: SHARES } });
  return {
    name: 'OpenTelemetry',
    run() {
      for (const { actual, predicted, durationSeconds, confidence } of events) {
        cells.add(1, { model, actual, predicted });
        seconds.record(durationSeconds, own);
        shares.record(confidence, predicted === actual ? right : wrong);
      }
    },
    async cells() {
      const { resourceMetrics } = await exporter.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      const points = metrics.find(({ descriptor }) => descriptor.name === 'classification_confusion_total');
      return (points?.dataPoints ?? [])
        .map(({ attributes: { actual, predicted }, value }) =>
          [actual, predicted, value].map(String).join(' '),
        )
        .toSorted();
    },
  };
}

/** Cells above 0 in a text of samples. */
function cellsOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => {
      if (!line.startsWith('classification_confusion_total{')) return [];
      const labelOf = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(line)?.[1] ?? '';
      const count = line.slice(line.lastIndexOf(' ') + 1);
      return count === '0' ? [] : [`${labelOf('actual')} ${labelOf('predicted')} ${count}`];
    })
    .toSorted();
}

async function besidePeers(): Promise<{ rows: Row[]; timesFaster: number; recordMs: number }> {
  const accountants = [
    ours(),
    client('prom-client', promClient),
    client('@prometheus-io/client', official as unknown as typeof promClient),
    openTelemetry(),
  ];
  const counted = [];
  for (const accountant of accountants) {
    accountant.run();
    counted.push(await accountant.cells());
  }
  for (const cells of counted) assert.deepEqual(cells, counted[0]);
  assert.equal(
    counted[0]?.reduce((sum, cell) => sum + Number(cell.split(' ')[2]), 0),
    EVENTS,
  );

  const times = await compare(
    accountants.map((accountant) => ({ run: () => accountant.run(), operations: EVENTS })),
    cpuMs,
  );
  const [here = Number.NaN, ...peers] = times;
  const rows = peers.map((value, index): Row => {
    const name = accountants[index + 1]?.name ?? '';
    return {
      what: `record a prediction and its truth, three windows, beside ${name}`,
      unit: 'ms',
      here,
      peer: { name, value },
    };
  });
  return { rows, timesFaster: Math.min(...peers) / here, recordMs: here };
}

/** Median over batches of 200 labels, of predictions all over a million that wait. */
function withMillionPending(): { labelMs: number; worstMs: number } {
  const monitor = createClassifierMonitor({
    model: 'digits',
    classes: CLASSES,
    ...WINDOWS,
    maxPendingLabels: 1_000_000,
  });
  let worstMs = 0;
  for (let id = 0; id < 1_000_000; id++) {
    const startMs = performance.now();
    monitor.record({ id: `request-${id}`, predicted: pick(), confidence: 0.5 });
    if (id > 1_000) worstMs = Math.max(worstMs, performance.now() - startMs);
  }
  const batches = [];
  let next = 0;
  let fresh = 1_000_000;
  for (let batch = 0; batch < 1_000; batch++) {
    // As far apart in memory as requests of different times are; as many come as are labelled.
    const ids = Array.from({ length: 200 }, () => `request-${(next++ * 7_919) % 1_000_000}`);
    const startMs = performance.now();
    for (const id of ids) monitor.label(id, 'class-3');
    batches.push((performance.now() - startMs) / ids.length);
    for (const _ of ids) monitor.record({ id: `request-${fresh++}`, predicted: 'class-3', confidence: 0.5 });
  }
  assert.equal(monitor.snapshot().labels.pending, 1_000_000);
  return { labelMs: batches.toSorted((x, y) => x - y)[500] ?? Number.NaN, worstMs };
}

/** Fills a window with a thousand classes, and asks for everything. */
async function collectOfThousand(): Promise<number> {
  collectGarbage(); // of the million that waited: no part of this
  const classes = Array.from({ length: 1_000 }, (_, index) => `class-${index}`);
  const monitor = createClassifierMonitor({ model: 'digits', classes, ...WINDOWS });
  const fill = (count: number): void => {
    for (let event = 0; event < count; event++) {
      monitor.record({
        predicted: pick(classes),
        actual: pick(classes),
        confidence: random(),
        durationSeconds: random(),
      });
    }
  };
  fill(100_000);
  const handler = openMetricsHandler([monitor.metricProducer]);
  const turn = async (): Promise<number> =>
    longestTurn(async () => {
      fill(1);
      await handler(new Request('http://host/'));
    });
  // The least: a turn is wall time, in which others work too.
  return Math.min(await turn(), await turn(), await turn());
}

function allocatedBytes(monitor: ClassifierMonitor): number {
  const count = 200_000;
  const run = (): void => {
    for (let event = 0; event < count; event++) monitor.record(events[event % EVENTS]!);
  };
  run();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  run();
  return Math.max(0, process.memoryUsage().heapUsed - before) / count;
}

function soak(): { growth: number; allocated: number } {
  const monitor = createClassifierMonitor({ model: 'digits', classes: CLASSES, ...WINDOWS });
  const allocated = allocatedBytes(monitor);
  for (let event = 0; event < 1_000_000; event++) monitor.record(events[event % EVENTS]!);
  collectGarbage();
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const before = used();
  for (let event = 0; event < 10_000_000; event++) monitor.record(events[event % EVENTS]!);
  collectGarbage();
  const growth = used() - before;
  assert.equal(monitor.snapshot({ windowMs: 3_600_000 }).n, 11_400_000);
  return { growth, allocated };
}

const { rows, timesFaster, recordMs } = await besidePeers();
const { growth, allocated } = soak();
const { labelMs, worstMs } = withMillionPending();
const turnMs = await collectOfThousand();
report({
  name: 'core-record',
  title: 'core: one prediction',
  rows: [
    ...rows,
    { what: 'label a prediction while 1,000,000 wait', unit: 'ms', here: labelMs },
    { what: 'longest single record on the way to 1,000,000 waiting', unit: 'ms', here: worstMs },
    { what: 'longest turn of the event loop in a scrape of 1,000 classes', unit: 'ms', here: turnMs },
    { what: 'heap a record leaves behind until the next collection', unit: 'B', here: allocated },
    { what: 'heap growth over 10,000,000 records', unit: 'B', here: growth },
  ],
  notes: [
    'Each peer: a counter by predicted and true class, a histogram of latency, one of confidence by right and wrong, all with the model.',
    'Here also exact sliding windows of 1, 5 and 60 minutes, scores, calibration and labels that come late or twice.',
    'Records: time of the thread, without what others did on the machine. Labels and turns: wall time.',
    'All four counted the same confusion matrix of the same 20,000 seeded predictions before they were timed.',
  ],
});
holdBars([
  { what: 'record, µs', value: recordMs * 1e3, atMost: 1 },
  { what: 'times faster than the fastest peer, record', value: timesFaster, atLeast: 5 },
  { what: 'label with 1,000,000 waiting, µs', value: labelMs * 1e3, atMost: 2 },
  { what: 'longest turn in a scrape of 1,000 classes, ms', value: turnMs, atMost: 5 },
  { what: 'heap growth over 10,000,000 records, MB', value: growth / 1e6, atMost: 5 },
]);
process.exit();
