import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { createAlerting, loadRules } from '@tidewatch/alerts';
import { collector } from '@tidewatch/alerts/testing';
import type { InstantQuery, Meter } from '@tidewatch/core';
import { createAutoscaler, loadAutoscalerConfig } from '@tidewatch/scaler';
import { simulatedTarget } from '@tidewatch/scaler/simulated';
import { expect, it, vi } from 'vitest';

/** A reader of the service's own, which packages are not told of. */
class HandReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

const samples: InstantQuery = async () => [{ labels: {}, timeMs: Date.now(), value: 1.5 }];

const parts: Record<string, (meter: Meter) => Promise<{ close(): Promise<void> }>> = {
  alerts_active: async (meter) =>
    createAlerting({
      rules: loadRules('groups:\n  - { name: g, rules: [{ alert: A, expr: up }] }\n', { parse: () => {} }),
      query: samples,
      route: { receiver: 'r' },
      receivers: { r: [collector()] },
      meter,
    }),
  autoscaler_decisions_total: async (meter) => {
    const config = loadAutoscalerConfig(`
      metrics: [{ name: qps, type: external, query: q, scale_up_threshold: 2, scale_down_threshold: 1 }]
      scaling: { min_replicas: 1, max_replicas: 2, cooldown: 300 }
    `);
    const autoscaler = createAutoscaler({ config, query: samples, target: simulatedTarget(), meter });
    await autoscaler.tick();
    return autoscaler;
  },
};

it.for(Object.entries(parts))(
  '%s is observed by a meter until the part is closed',
  async ([name, create]) => {
    const reader = new HandReader();
    const meter = new MeterProvider({ readers: [reader] }).getMeter('service');
    const part = await create(meter);
    const names = async (): Promise<string[]> => {
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).toEqual([]);
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor }) => descriptor.name),
      );
    };
    expect(await names()).toContain(name);
    const remove = vi.spyOn(meter, 'removeBatchObservableCallback');
    await part.close();
    expect(remove).toHaveBeenCalledOnce();
  },
);
