// One scrape of the same families through our handler and through OpenTelemetry's Prometheus exporter.
import assert from 'node:assert/strict';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createClassifierMonitor, openMetricsHandler } from '@tidewatch/core';
import { compare } from '../../../bench/support/measure.ts';
import { report, type Row } from '../../../bench/support/report.ts';
import { seeded } from '../../../bench/support/seeded.ts';

/** Samples in one order, their labels too; our own health is left out: the peer has no such lines. */
function samples(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !/^tidewatch_(collect|exposition)_/.test(line))
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => labels.split(',').toSorted().join()))
    .toSorted();
}

async function scrapeOf(classCount: number): Promise<Row> {
  const random = seeded(2);
  const classes = Array.from({ length: classCount }, (_, index) => `class-${index}`);
  const monitor = createClassifierMonitor({ model: 'bench', classes });
  const pick = (): string => classes[Math.floor(random() * classCount)]!;
  for (let event = 0; event < 50_000; event++) {
    monitor.record({ predicted: pick(), actual: pick(), durationSeconds: random(), confidence: random() });
  }
  const handler = openMetricsHandler([monitor.metricProducer]);
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    metricProducers: [monitor.metricProducer],
  });
  const provider = new MeterProvider({ readers: [exporter] });
  // No prefix, no timestamps, no resource labels, no target_info, no scope_info: what our handler writes.
  const serializer = new PrometheusSerializer('', false, undefined, true, true);

  const ours = async (): Promise<string> =>
    (await (await handler(new Request('http://host/')))?.text()) ?? '';
  const theirs = async (): Promise<string> =>
    serializer.serialize((await exporter.collect()).resourceMetrics);
  const scraped = await ours();
  assert.deepEqual(samples(scraped), samples(await theirs()));
  const [here = Number.NaN, there = Number.NaN] = await compare([{ run: ours }, { run: theirs }]);
  await provider.shutdown();
  const what = `scrape ${samples(scraped).length.toLocaleString('en')} series (${classCount} classes)`;
  return { what, unit: 'ms', here, peer: { name: 'PrometheusExporter', value: there } };
}

report({
  name: 'core-scrape',
  title: 'core: one scrape',
  rows: [await scrapeOf(10), await scrapeOf(50)],
  notes: [
    'Both collect the same producer and write Prometheus text; sockets are left out.',
    'Before timing, every sample of the two texts was equal.',
  ],
});
