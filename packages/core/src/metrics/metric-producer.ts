import type { ValueType } from '@opentelemetry/api';
import type {
  AggregationTemporality,
  CollectionResult,
  DataPointType,
  MetricData,
  MetricProducer,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { systemClock, type Clock } from '../vocabulary/clock.ts';
import type { HistogramFamily, MetricFamily } from './metric-family.ts';

export type { MetricProducer } from '@opentelemetry/sdk-metrics';

export interface MetricProducerOptions {
  /** Instrumentation scope, such as `@tidewatch/gpu`. */
  readonly scope: string;
  /**
   * Lists all present families. Called once a collect **and reader**: it must not change what the next
   * call answers. What it throws becomes an error of the collect, never an exception of the host.
   */
  readonly families: () => readonly MetricFamily[];
  readonly clock?: Clock;
}

// The SDK's enums, by value: a type import keeps the SDK optional and two copies of it harmless.
const CUMULATIVE = 1 as AggregationTemporality.CUMULATIVE;
const HISTOGRAM = 0 as DataPointType.HISTOGRAM;
const GAUGE = 2 as DataPointType.GAUGE;
const SUM = 3 as DataPointType.SUM;
const DOUBLE = 1 as ValueType.DOUBLE;

/**
 * An OpenTelemetry MetricProducer over plain families, for the option `metricProducers` of any reader.
 *
 * Unlike instruments, a producer forgets: a series that is no longer listed is no longer exported
 * (opentelemetry-js#4096), and nothing is kept per label set.
 */
export function createMetricProducer({
  scope,
  families,
  clock = systemClock,
}: MetricProducerOptions): MetricProducer {
  const startMs = clock.now();
  return {
    async collect(): Promise<CollectionResult> {
      const errors: unknown[] = [];
      let metrics: MetricData[] = [];
      try {
        const nowMs = clock.now();
        metrics = families().map((family) => toMetricData(family, startMs, nowMs));
      } catch (error) {
        errors.push(error);
      }
      // Readers put their own resource in its place.
      const resource = { attributes: {} } as ResourceMetrics['resource'];
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: scope }, metrics }] }, errors };
    },
  };
}

function toMetricData(family: MetricFamily, startMs: number, nowMs: number): MetricData {
  const { name, help, unit, kind } = family.definition;
  const descriptor = { name, description: help, unit, valueType: DOUBLE, advice: {} };
  const times = { startTime: toHrTime(startMs), endTime: toHrTime(nowMs) };
  const common = { descriptor, aggregationTemporality: CUMULATIVE } as const;
  if (isHistogram(family)) {
    const dataPoints = family.points.map(({ labels, boundaries, counts, sum }) => {
      const count = counts.reduce((total, bucket) => total + bucket, 0);
      const buckets = { boundaries: [...boundaries], counts: [...counts] };
      return { ...times, attributes: labels, value: { buckets, sum, count } };
    });
    return { ...common, dataPointType: HISTOGRAM, dataPoints };
  }
  const dataPoints = family.points.map(({ labels, value }) => ({ ...times, attributes: labels, value }));
  return kind === 'counter'
    ? { ...common, dataPointType: SUM, isMonotonic: true, dataPoints }
    : { ...common, dataPointType: GAUGE, dataPoints };
}

function isHistogram(family: MetricFamily): family is HistogramFamily {
  return family.definition.kind === 'histogram';
}

function toHrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
