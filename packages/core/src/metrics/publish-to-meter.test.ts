import { createNoopMeter } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { manualClock } from '../testing/index.ts';
import { createClassifierMonitor } from '../monitor/classifier-monitor.ts';
import { openMetricsHandler } from '../exposition/open-metrics-handler.ts';
import { createMetricProducer } from './metric-producer.ts';
import type { MetricDefinition } from './metric-family.ts';
import { publishToMeter } from './publish-to-meter.ts';

it('has a meter observe every sample that the text for Prometheus has', async () => {
  const clock = manualClock();
  const { provider, samples } = collector();
  const meter = provider.getMeter('service');
  const monitor = createClassifierMonitor({
    model: 'pets',
    classes: ['cat', 'dog'],
    minSamples: 1,
    clock,
    meter,
  });
  monitor.record({ predicted: 'cat', actual: 'cat', durationSeconds: 0.02, confidence: 0.5 });
  monitor.record({ predicted: 'dog', actual: 'cat', durationSeconds: 30 });
  const handler = openMetricsHandler([monitor.metricProducer]);
  const text = (await (await handler(new Request('http://localhost/')))?.text()) ?? '';
  const expected = text
    .split('\n')
    .filter((line) => !/^(#|$|tidewatch_(collect|exposition)_)/.test(line))
    .map((line) => line.replace(/\b(le="\d+)\.0"/, '$1"'));

  const observed = await samples();
  expect(observed).toContain('classification_predictions_total{model="pets",predicted="cat"} 1');
  expect(observed).toEqual(expected.map(sorted).toSorted());
  // Two readers of one service, or two collects, see the same.
  expect(await samples()).toEqual(observed);
});

it('says NaN of a gauge that no longer has a value, for an instrument cannot forget', async () => {
  const accuracy: MetricDefinition = {
    name: 'accuracy',
    kind: 'gauge',
    unit: '1',
    help: 'Share.',
    labels: ['a'],
  };
  let points = [
    { labels: { a: 'x' }, value: 0.5 },
    { labels: { a: 'y' }, value: 0.25 },
  ];
  const { provider, samples } = collector();
  const definition = { ...accuracy, kind: 'gauge' as const };
  const producer = createMetricProducer({
    scope: 'test',
    families: () => (points.length === 0 ? [] : [{ definition, points }]),
  });
  const end = publishToMeter({ meter: provider.getMeter('m'), producer, definitions: [accuracy] });

  expect(await samples()).toEqual(['accuracy{a="x"} 0.5', 'accuracy{a="y"} 0.25']);
  points = points.slice(0, 1);
  expect(await samples()).toEqual(['accuracy{a="x"} 0.5', 'accuracy{a="y"} NaN']);
  points = [];
  expect(await samples()).toEqual(['accuracy{a="x"} NaN', 'accuracy{a="y"} NaN']);
  points = [{ labels: { a: 'y' }, value: 1 }];
  expect(await samples()).toEqual(['accuracy{a="x"} NaN', 'accuracy{a="y"} 1']);

  end();
  points = [{ labels: { a: 'y' }, value: 0.75 }];
  expect(await samples()).not.toContain('accuracy{a="y"} 0.75');
});

it('takes a meter without an SDK behind it, and refuses what is none', () => {
  const monitor = createClassifierMonitor({ model: 'm', meter: createNoopMeter() });
  monitor.record({ predicted: 'cat' });
  expect(monitor.snapshot().n).toBe(1);
  expect(() => createClassifierMonitor({ model: 'm', meter: {} as never })).toThrow(/meter/);
  const foreign = { collect: async () => Promise.reject(new Error('not asked')) };
  expect(() => publishToMeter({ meter: createNoopMeter(), producer: foreign, definitions: [] })).toThrow(
    /createMetricProducer/,
  );
});

/** A reader that is asked by hand, as lines of Prometheus. */
function collector(): { provider: MeterProvider; samples: () => Promise<string[]> } {
  class ManualReader extends MetricReader {
    protected async onShutdown(): Promise<void> {}
    protected async onForceFlush(): Promise<void> {}
  }
  const reader = new ManualReader();
  const provider = new MeterProvider({ readers: [reader] });
  return {
    provider,
    async samples() {
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).toEqual([]);
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => {
            const labels = Object.entries(attributes).map(
              ([name, text]) => `${name}=${JSON.stringify(text)}`,
            );
            return sorted(`${descriptor.name}{${labels.join(',')}} ${value as number}`);
          }),
        )
        .toSorted();
    },
  };
}

/** Labels in one order: the order means nothing. */
function sorted(sample: string): string {
  const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (.*)$/.exec(sample) ?? [];
  return `${name}{${labels.split(',').toSorted().join(',')}} ${value}`;
}
