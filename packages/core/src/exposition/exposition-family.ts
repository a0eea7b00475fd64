import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { Exemplar, HistogramFamily, MetricFamily, MetricKind } from '../metrics/metric-family.ts';
import { labelText, legalMetricName } from './label-text.ts';

type MetricData = CollectionResult['resourceMetrics']['scopeMetrics'][number]['metrics'][number];

export interface HistogramValue {
  /** Upper bounds, ascending, without +Inf. */
  readonly boundaries: readonly number[];
  /** Not cumulative; one longer than `boundaries`. */
  readonly counts: readonly number[];
  /** Absent when negative values may have been observed. */
  readonly sum: number | undefined;
}

export interface ExpositionSeries {
  /** As {@link labelText} writes them. */
  readonly labels: string;
  readonly value: number | HistogramValue;
  readonly exemplar: Exemplar | undefined;
}

/** One metric in the words of Prometheus. */
export interface ExpositionFamily {
  /** Legal, and without `_total`. */
  readonly name: string;
  readonly kind: MetricKind;
  readonly help: string;
  /** UCUM. */
  readonly unit: string;
  /** Read once, while it is written: a scrape of thousands of series makes no list of them first. */
  readonly series: Iterable<ExpositionSeries>;
}

// The SDK's DataPointType, by value: a type import keeps the SDK optional and two copies of it harmless.
const KINDS = ['histogram', undefined, 'gauge', 'sum'] as const;

/** Translates one family of ours. */
export function ownFamily(family: MetricFamily): ExpositionFamily {
  const { name, kind, help, unit } = family.definition;
  const series = isHistogram(family) ? ownHistograms(family) : ownNumbers(family);
  return { name: familyName(name, kind), kind, help, unit, series };
}

function* ownNumbers({ points }: Exclude<MetricFamily, HistogramFamily>): Generator<ExpositionSeries> {
  for (const { labels, value, exemplar } of points) yield { labels: labelText(labels), value, exemplar };
}

function* ownHistograms({ points }: HistogramFamily): Generator<ExpositionSeries> {
  for (const point of points) {
    yield { labels: labelText(point.labels, true), value: point, exemplar: undefined };
  }
}

function isHistogram(family: MetricFamily): family is HistogramFamily {
  return family.definition.kind === 'histogram';
}

/** Translates one OpenTelemetry metric; exponential histograms have no form in a text format. */
export function foreignFamily(metric: MetricData): ExpositionFamily | 'unsupported-kind' {
  const type = KINDS[metric.dataPointType];
  if (type === undefined) return 'unsupported-kind';
  const { name, description, unit } = metric.descriptor;
  const isCounter = type === 'sum' && 'isMonotonic' in metric && metric.isMonotonic;
  const kind = type === 'histogram' ? 'histogram' : isCounter ? 'counter' : 'gauge';
  return { name: familyName(name, kind), kind, help: description, unit, series: foreignSeries(metric, kind) };
}

function* foreignSeries({ dataPoints }: MetricData, kind: MetricKind): Generator<ExpositionSeries> {
  for (const { attributes, value } of dataPoints) {
    const labels = labelText(attributes, kind === 'histogram');
    yield { labels, value: typeof value === 'number' ? value : histogramValue(value), exemplar: undefined };
  }
}

function histogramValue(value: object): HistogramValue {
  const { buckets, sum } = value as { buckets: Pick<HistogramValue, 'boundaries' | 'counts'>; sum?: number };
  return { boundaries: buckets.boundaries, counts: buckets.counts, sum };
}

function familyName(name: string, kind: MetricKind): string {
  const legal = legalMetricName(name);
  return kind === 'counter' ? legal.replace(/_total$/, '') : legal;
}
