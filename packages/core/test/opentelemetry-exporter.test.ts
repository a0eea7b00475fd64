import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createClassifierMonitor, openMetricsHandler } from '../src/index.ts';

it('tells the same through OpenTelemetry’s own Prometheus exporter as through ours', async () => {
  const monitor = createClassifierMonitor({ model: 'pets', classes: ['cat', 'dog'], minSamples: 1 });
  monitor.record({ predicted: 'cat', actual: 'cat', durationSeconds: 0.02, confidence: 0.5 });
  monitor.record({ predicted: 'a"b\\c\nd', actual: 'dog', durationSeconds: 0.3 });
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
    metricProducers: [monitor.metricProducer],
  });
  const provider = new MeterProvider({ readers: [exporter] });
  const server = createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const theirs = await (
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)
  ).text();
  server.closeAllConnections();
  server.close();
  await provider.shutdown();
  const handler = openMetricsHandler([monitor.metricProducer]);
  const ours = (await (await handler(new Request('http://localhost/')))?.text()) ?? '';

  expect(samples(theirs)).toEqual(
    samples(ours).filter((sample) => !/^tidewatch_(collect|exposition)_/.test(sample)),
  );
});

/** Samples with their labels in one order: the order means nothing. */
function samples(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = line.match(/^(\w+)(?:\{(.*)\})? (.*)$/) ?? [];
      const pairs = labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? [];
      return `${name}{${pairs.toSorted().join(',')}} ${value}`;
    })
    .toSorted();
}
