import type { Labels } from '@tidewatch/core';
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { formatGoFloat } from '../language/go-number.ts';
import type { StoreSample } from '../store/store.ts';
import { pointLabels, prometheusName } from './prometheus-names.ts';

/** Why points of a metric are no series here: the values of the label `reason`. */
export const SKIP_REASONS = ['exponential_histogram', 'delta_temporality'] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

export interface Skipped {
  readonly metric: string;
  readonly reason: SkipReason;
  readonly points: number;
}

/**
 * OpenTelemetry metrics as Prometheus series, as a scrape of the same process would give them without scope labels.
 *
 * A monotonic sum ends in `_total`; a histogram becomes `_bucket` with cumulative counts, `_sum` and `_count`.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function toSamples(
  metrics: readonly MetricData[],
  constantLabels: Labels,
): { readonly samples: readonly StoreSample[]; readonly skipped: readonly Skipped[] } {
  const samples: StoreSample[] = [];
  const skipped: Skipped[] = [];
  for (const metric of metrics) {
    const reason = skipReason(metric);
    if (reason !== undefined) {
      skipped.push({ metric: metric.descriptor.name, reason, points: metric.dataPoints.length });
    } else if (metric.dataPointType === DataPointType.HISTOGRAM) {
      // One by one: a hundred thousand arguments of one call overflow the stack.
      for (const sample of histogramSamples(metric, constantLabels)) samples.push(sample);
    } else if (metric.dataPointType !== DataPointType.EXPONENTIAL_HISTOGRAM) {
      const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
      const name = prometheusName(metric.descriptor.name, isCounter);
      for (const { attributes, value } of metric.dataPoints) {
        samples.push({ labels: pointLabels(name, attributes, constantLabels), value });
      }
    }
  }
  return { samples, skipped };
}

function skipReason(metric: MetricData): SkipReason | undefined {
  if (metric.dataPoints.length === 0) return undefined;
  if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return 'exponential_histogram';
  const isGauge = metric.dataPointType === DataPointType.GAUGE;
  const isDelta = metric.aggregationTemporality === AggregationTemporality.DELTA;
  return isDelta && !isGauge ? 'delta_temporality' : undefined;
}

function* histogramSamples(metric: HistogramMetricData, constantLabels: Labels): Iterable<StoreSample> {
  const name = prometheusName(metric.descriptor.name, false);
  for (const { attributes, value } of metric.dataPoints) {
    const labelled = (suffix: string, extra: Labels = {}): Labels =>
      pointLabels(name + suffix, attributes, { ...constantLabels, ...extra });
    const { boundaries, counts } = value.buckets;
    let cumulative = 0;
    for (const [bucket, count] of counts.entries()) {
      cumulative += count;
      const le = formatGoFloat(boundaries[bucket] ?? Infinity);
      yield { labels: labelled('_bucket', { le }), value: cumulative };
    }
    yield { labels: labelled('_count'), value: value.count };
    // Absent where negative values made a sum meaningless.
    if (value.sum !== undefined) yield { labels: labelled('_sum'), value: value.sum };
  }
}
