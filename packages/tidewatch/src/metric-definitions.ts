import { alertsMetrics } from '@tidewatch/alerts';
import { coreMetrics, type MetricDefinition } from '@tidewatch/core';
import { gpuMetrics, hostMetrics } from '@tidewatch/gpu';
import { promqlMetrics } from '@tidewatch/promql';
import { scalerMetrics } from '@tidewatch/scaler';

/** Every metric that the parts may expose, for those who ask what a name means. */
export const metricDefinitions: readonly MetricDefinition[] = [
  ...coreMetrics,
  ...gpuMetrics,
  ...hostMetrics,
  ...promqlMetrics,
  ...scalerMetrics,
  ...alertsMetrics,
];

/** Of the parts that publish to no meter by themselves: requests, GPUs, the machine, the store and the engine. */
export const otherDefinitions: readonly MetricDefinition[] = [
  ...coreMetrics.filter(({ name }) => name.startsWith('http_')),
  ...gpuMetrics,
  ...hostMetrics,
  ...promqlMetrics,
];
