import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { loadAutoscalerConfig, simulatedTarget } from '@tidewatch/scaler';
import { createTidewatch } from 'tidewatch';
import { expect, it, vi } from 'vitest';

/** A reader of the service's own, which the preset is not told of. */
class HandReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

it('lets a meter observe all parts, each metric once', async () => {
  const reader = new HandReader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('service');
  const config = loadAutoscalerConfig(`
    metrics: [{ name: qps, type: external, query: q, scale_up_threshold: 2, scale_down_threshold: 1 }]
    scaling: { max_replicas: 2 }
  `);
  const autoscaling = { config, target: simulatedTarget() };
  await using watch = await createTidewatch({ model: 'cats', gpu: { source: 'off' }, meter, autoscaling });
  watch.monitor.record({ predicted: 'cat' });
  const series = async (): Promise<string[]> => {
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes }) => `${descriptor.name} ${JSON.stringify(attributes)}`),
      ),
    );
  };
  const expected = [
    'classification_predictions_total',
    'alerts_active',
    'autoscaler_decisions_total',
    'host_memory_total_bytes', // read for the first time in a moment
    'tidewatch_store_series',
  ];
  await vi.waitFor(
    async () =>
      expect((await series()).map((one) => one.split(' ')[0])).toEqual(expect.arrayContaining(expected)),
    { timeout: 20_000 },
  );
  const all = await series();
  expect(all).toEqual([...new Set(all)]);
});
