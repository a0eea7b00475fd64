import type { Labels } from '../vocabulary/sample.ts';

export type MetricKind = 'gauge' | 'counter' | 'histogram';

/**
 * One row of the metric table: the only place where a metric's name is written.
 *
 * Every package exports its rows; `docs/reference/metrics.md` is generated from them, and a test holds
 * every panel, rule and example against them.
 */
export interface MetricDefinition {
  /** The Prometheus name, with unit and, for counters, `_total`. */
  readonly name: string;
  readonly kind: MetricKind;
  /** UCUM: `s`, `By`, `1`, `W`, `Cel`, `J`, `{prediction}`. */
  readonly unit: string;
  /** One English sentence, without the unit. */
  readonly help: string;
  /** Names of the labels it may carry; a label without a value is left out. */
  readonly labels: readonly string[];
}

/** One event out of many that a series counts, with what leads to its trace. */
export interface Exemplar {
  /** Such as `trace_id`; at most 128 characters in all names and values together. */
  readonly labels: Labels;
  /** Of the event, such as how sure the classifier was; not of the series. */
  readonly value: number;
  /** When it happened, in milliseconds since the Unix epoch. */
  readonly timeMs: number;
}

/** One series of a gauge or counter at the time of the collect. */
export interface NumberPoint {
  readonly labels: Labels;
  /** A gauge without a value has no point: absent is not zero. */
  readonly value: number;
  /** Of a counter, for OpenMetrics; OpenTelemetry's own readers do not see it. */
  readonly exemplar?: Exemplar | undefined;
}

/** One series of a histogram, cumulative since the start of the process. */
export interface HistogramPoint {
  readonly labels: Labels;
  /** Upper bounds, ascending, without +Inf. */
  readonly boundaries: readonly number[];
  /** Events per bucket, not cumulative over buckets; one longer than `boundaries`. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** A gauge or counter with its present series. */
export interface NumberFamily {
  readonly definition: MetricDefinition & { readonly kind: 'gauge' | 'counter' };
  readonly points: readonly NumberPoint[];
}

/** A histogram with its present series. */
export interface HistogramFamily {
  readonly definition: MetricDefinition & { readonly kind: 'histogram' };
  readonly points: readonly HistogramPoint[];
}

/** A metric with its present series. A series that is not listed has ended. */
export type MetricFamily = NumberFamily | HistogramFamily;
