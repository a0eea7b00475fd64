import { expect, it } from 'vitest';
import { requestMetrics } from '../http/request-metrics.ts';
import { createClassifierMonitor } from '../monitor/classifier-monitor.ts';
import { openMetricsHandler } from '../exposition/open-metrics-handler.ts';
import { coreMetrics } from './core-metrics.ts';

it('lists every metric once', () => {
  const names = coreMetrics.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

it('lists exactly what a busy service exposes, with its labels', async () => {
  const monitor = createClassifierMonitor({
    model: 'm',
    version: '3',
    classes: ['a', 'b'],
    positiveClass: 'a',
    topK: [1],
    segments: [{ name: 'country' }],
    drift: { reference: 40 },
    minSamples: 1,
    baselineAccuracy: 0.9,
  });
  for (let i = 0; i < 250; i += 1) {
    const predicted = i % 2 === 0 ? 'a' : 'b';
    monitor.record({ predicted, actual: predicted, confidence: 0.9, segments: { country: 'de' } });
  }
  monitor.record({ predicted: 'a', actual: 'a', confidence: 0.9, durationSeconds: 0.1 });
  monitor.record({ predicted: 'b', actual: 'b', id: '1' });
  monitor.recordError({ reason: 'timeout' });
  monitor.workers.inflight('worker', 0);
  const requests = requestMetrics();
  requests.observe({ method: 'GET', route: '/', code: '200', durationSeconds: 0.1 });
  const handler = openMetricsHandler([monitor.metricProducer, requests.metricProducer]);
  const text = (await (await handler(new Request('http://localhost/')))?.text()) ?? '';

  const seen = new Map<string, Set<string>>();
  for (const line of text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))) {
    const name = line.match(/^\w+?(?=(_bucket|_sum|_count)?[{ ])/)?.[0] ?? line;
    const labels = [...line.matchAll(/[{,](\w+)="/g)]
      .map((match) => match[1] ?? '')
      .filter((label) => label !== 'le');
    seen.set(name, new Set([...(seen.get(name) ?? []), ...labels]));
  }
  expect(Object.fromEntries([...seen].map(([name, labels]) => [name, [...labels].toSorted()]))).toEqual(
    Object.fromEntries(coreMetrics.map(({ name, labels }) => [name, labels.toSorted()])),
  );
});
