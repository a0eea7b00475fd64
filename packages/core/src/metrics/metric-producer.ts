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
import { pace } from '../vocabulary/pace.ts';
import type { HistogramFamily, MetricFamily } from './metric-family.ts';

export type { MetricProducer } from '@opentelemetry/sdk-metrics';

export interface MetricProducerOptions {
  /** Instrumentation scope, such as `@tidewatch/gpu`. */
  readonly scope: string;
  /**
   * Lists all present families. Called once a collect **and reader**: it must not change what the next
   * call answers. What it throws becomes an error of the collect, never an exception of the host.
   *
   * A generator is resumed in later turns of the event loop when there is much to list.
   */
  readonly families: () => Iterable<MetricFamily>;
  readonly clock?: Clock;
}

/** By name and not by identity: two copies of this package in one process understand each other. */
const FAMILIES = Symbol.for('@tidewatch/core/families');

/** A producer of {@link createMetricProducer}, which can also be read without OpenTelemetry's data model between. */
interface ReadableProducer extends MetricProducer {
  readonly [FAMILIES]?: () => Iterable<MetricFamily>;
}

/** What lists the families of a producer of ours; `undefined` for every other producer. */
export function familiesOf(producer: MetricProducer): (() => Iterable<MetricFamily>) | undefined {
  return (producer as ReadableProducer)[FAMILIES];
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
  const producer: ReadableProducer = {
    [FAMILIES]: families,
    async collect(): Promise<CollectionResult> {
      const errors: unknown[] = [];
      const metrics: MetricData[] = [];
      try {
        const nowMs = clock.now();
        const turns = pace(clock);
        for (const family of families()) {
          metrics.push(toMetricData(family, startMs, nowMs));
          if (turns.isDue()) await turns.rest();
        }
      } catch (error) {
        metrics.length = 0; // half of a collect would look like series that ended
        errors.push(error);
      }
      // Readers put their own resource in its place.
      const resource = { attributes: {} } as ResourceMetrics['resource'];
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: scope }, metrics }] }, errors };
    },
  };
  return producer;
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
