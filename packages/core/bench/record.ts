// What one prediction costs the service, beside OpenTelemetry instruments that keep the same accounts.
import assert from 'node:assert/strict';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type CollectionResult,
} from '@opentelemetry/sdk-metrics';
import { createClassifierMonitor, type ClassifierMonitor } from '@tidewatch/core';
import { compare } from '../../../bench/support/measure.ts';
import { report } from '../../../bench/support/report.ts';
import { seeded } from '../../../bench/support/seeded.ts';

const CLASSES = Array.from({ length: 10 }, (_, index) => `class-${index}`);
const EVENTS = 20_000;

const random = seeded(1);
const pick = (): string => CLASSES[Math.floor(random() * CLASSES.length)]!;
const events = Array.from({ length: EVENTS }, () => {
  const actual = pick();
  const predicted = random() < 0.9 ? actual : pick();
  return { actual, predicted, durationSeconds: random() ** 3, confidence: random() };
});

let unique = 0;

function ours(monitor: ClassifierMonitor): { atOnce(): void; later(): void } {
  return {
    atOnce() {
      for (const event of events) monitor.record(event);
    },
    later() {
      for (const { actual, predicted, durationSeconds, confidence } of events) {
        const id = `request-${unique++}`;
        monitor.record({ id, predicted, durationSeconds, confidence });
        monitor.label(id, actual);
      }
    },
  };
}

/** Totals only: windows, calibration and late or double labels are not asked of it. */
function openTelemetry(): { atOnce(): void; later(): void; cells(): Promise<Cells> } {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const model = 'digits';
  const predictions = meter.createCounter('classification_predictions_total');
  const cells = meter.createCounter('classification_confusion_total');
  const durations = meter.createHistogram('classification_request_duration_seconds', {
    advice: { explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] },
  });
  const waiting = new Map<string, string>();
  return {
    atOnce() {
      for (const { actual, predicted, durationSeconds } of events) {
        predictions.add(1, { model, predicted });
        durations.record(durationSeconds, { model });
        cells.add(1, { model, actual, predicted });
      }
    },
    later() {
      for (const { actual, predicted, durationSeconds } of events) {
        const id = `request-${unique++}`;
        predictions.add(1, { model, predicted });
        durations.record(durationSeconds, { model });
        waiting.set(id, predicted);
        cells.add(1, { model, actual, predicted: waiting.get(id)! });
        waiting.delete(id);
      }
    },
    cells: async () => confusion(await reader.collect()),
  };
}

async function requireSameCounts(way: 'atOnce' | 'later'): Promise<void> {
  const monitor = createClassifierMonitor({ model: 'digits', classes: CLASSES });
  const peer = openTelemetry();
  ours(monitor)[way]();
  peer[way]();
  const counted = confusion(await monitor.metricProducer.collect());
  assert.equal(
    [...counted.values()].reduce((sum, count) => sum + count, 0),
    EVENTS,
  );
  assert.deepEqual(counted, await peer.cells());
}

/** Counts above 0 by `actual predicted`. */
type Cells = ReadonlyMap<string, number>;

/** The confusion matrix in a collect, in the order of its names. */
function confusion({ resourceMetrics }: CollectionResult): Cells {
  const cells: (readonly [string, number])[] = [];
  for (const { metrics } of resourceMetrics.scopeMetrics) {
    for (const { descriptor, dataPoints } of metrics) {
      if (descriptor.name !== 'classification_confusion_total') continue;
      for (const { attributes, value } of dataPoints) {
        if (typeof value === 'number' && value > 0) {
          cells.push([`${String(attributes['actual'])} ${String(attributes['predicted'])}`, value]);
        }
      }
    }
  }
  return new Map(cells.toSorted(([a], [b]) => a.localeCompare(b)));
}

const rows = [];
for (const [way, what] of [
  ['atOnce', 'record a prediction whose truth is known'],
  ['later', 'record a prediction and join its label by id'],
] as const) {
  await requireSameCounts(way);
  const monitor = createClassifierMonitor({ model: 'digits', classes: CLASSES });
  const peer = openTelemetry();
  const [here = Number.NaN, there = Number.NaN] = await compare([
    { run: ours(monitor)[way], operations: EVENTS },
    { run: peer[way], operations: EVENTS },
  ]);
  rows.push({ what, unit: 'ms', here, peer: { name: 'OpenTelemetry', value: there } } as const);
}
report({
  name: 'core-record',
  title: 'core: one prediction',
  rows,
  notes: [
    'Peer: OpenTelemetry SDK, two counters and a histogram a prediction, labels joined through a Map.',
    'Here also sliding windows, calibration, and late, double and missing labels are kept.',
    'Both counted the same confusion matrix of the same 20,000 seeded predictions before they were timed.',
  ],
});
process.exit();
