import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { MetricKind } from '../metrics/metric-family.ts';

type MetricData = CollectionResult['resourceMetrics']['scopeMetrics'][number]['metrics'][number];

/** A label with a name that both formats allow. */
export type ExpositionLabel = readonly [name: string, value: string];

export interface HistogramValue {
  /** Upper bounds, ascending, without +Inf. */
  readonly boundaries: readonly number[];
  /** Not cumulative; one longer than `boundaries`. */
  readonly counts: readonly number[];
  /** Absent when negative values may have been observed. */
  readonly sum: number | undefined;
}

interface ExpositionSeries {
  /** Sorted by name; without empty values, which mean the same as no label. */
  readonly labels: readonly ExpositionLabel[];
  readonly value: number | HistogramValue;
}

/** One metric in the words of Prometheus. */
export interface ExpositionFamily {
  /** Legal, and without `_total`. */
  readonly name: string;
  readonly kind: MetricKind;
  readonly help: string;
  /** UCUM. */
  readonly unit: string;
  readonly series: readonly ExpositionSeries[];
}

/** Why a series cannot be written. */
export type ExpositionRefusal = 'unsupported-kind' | 'conflicting-kind' | 'duplicate-series';

// The SDK's DataPointType, by value: a type import keeps the SDK optional and two copies of it harmless.
const KINDS = ['histogram', undefined, 'gauge', 'sum'] as const;

/** Translates one OpenTelemetry metric; exponential histograms have no form in a text format. */
export function expositionFamily(metric: MetricData): ExpositionFamily | 'unsupported-kind' {
  const kind = KINDS[metric.dataPointType];
  if (kind === undefined) return 'unsupported-kind';
  const { name, description, unit } = metric.descriptor;
  const isCounter = kind === 'sum' && 'isMonotonic' in metric && metric.isMonotonic;
  const legal = legalName(name);
  return {
    name: isCounter ? legal.replace(/_total$/, '') : legal,
    kind: kind === 'histogram' ? 'histogram' : isCounter ? 'counter' : 'gauge',
    help: description,
    unit,
    series: metric.dataPoints.map(({ attributes, value }) => ({
      labels: legalLabels(attributes, kind === 'histogram'),
      value:
        typeof value === 'number'
          ? value
          : {
              boundaries: (value as HistogramPointValue).buckets.boundaries,
              counts: (value as HistogramPointValue).buckets.counts,
              sum: value.sum,
            },
    })),
  };
}

interface HistogramPointValue {
  readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
}

/**
 * Puts the families of one name together, so that each name has one header.
 *
 * What would make the whole scrape invalid is left out and reported: a second kind for a name, a second
 * series with the same labels.
 */
export function mergeFamilies(
  families: readonly ExpositionFamily[],
  onRefused: (reason: ExpositionRefusal) => void,
): ExpositionFamily[] {
  const merged = new Map<string, { first: ExpositionFamily; series: Map<string, ExpositionSeries> }>();
  for (const family of families) {
    const target = merged.get(family.name) ?? { first: family, series: new Map<string, ExpositionSeries>() };
    merged.set(family.name, target);
    for (const series of family.series) {
      const key = JSON.stringify(series.labels);
      if (family.kind !== target.first.kind) onRefused('conflicting-kind');
      else if (target.series.has(key)) onRefused('duplicate-series');
      else target.series.set(key, series);
    }
  }
  return Array.from(merged.values(), ({ first, series }) => ({ ...first, series: [...series.values()] }));
}

function legalName(name: string): string {
  const legal = name.replaceAll(/[^a-zA-Z0-9_:]/g, '_');
  return /^[0-9]/.test(legal) || legal === '' ? `_${legal}` : legal;
}

/** Names that a format uses itself get a prefix; names that become equal have their values joined by `;`. */
function legalLabels(attributes: Readonly<Record<string, unknown>>, isHistogram: boolean): ExpositionLabel[] {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes).sort(([a], [b]) => compare(a, b))) {
    if (value === undefined || value === null || value === '') continue;
    const name = legalLabelName(key, isHistogram);
    const text = wellFormed(typeof value === 'string' ? value : JSON.stringify(value));
    const before = labels.get(name);
    labels.set(name, before === undefined ? text : `${before};${text}`);
  }
  return [...labels].sort(([a], [b]) => compare(a, b));
}

function legalLabelName(key: string, isHistogram: boolean): string {
  const legal = key.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  if (/^[0-9]/.test(legal) || legal === '') return `_${legal}`;
  const isReserved = legal.startsWith('__') || (isHistogram && legal === 'le');
  return isReserved ? `exported_${legal}` : legal;
}

/** Two lone surrogates are two strings here and the same bytes on the wire: a duplicate series. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
