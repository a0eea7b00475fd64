import type { Locale } from '@tidewatch/core';

/**
 * What a threshold is compared with.
 *
 * `replica`: the value divided by the replicas, because more replicas share it (requests per second).
 * `total`: the value as it is, because it does not add up over replicas (latency, utilisation).
 */
export type ThresholdPer = 'replica' | 'total';

/** Above `up` asks for more replicas, below `down` allows fewer; equal is neither. */
export interface Thresholds {
  readonly up: number;
  readonly down: number;
}

/** One entry of `metrics:`. */
export interface MetricRule extends Thresholds {
  readonly name: string;
  /** PromQL, evaluated at every tick. */
  readonly query: string;
  /** Full address of a Prometheus instant query API; absent when the host supplies the query function. */
  readonly endpoint?: string;
  readonly per: ThresholdPer;
}

export type Weekday = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';

/** A time of the week with thresholds and bounds of its own. Half-open: `start` belongs to it, `end` does not. */
export interface TimeWindow {
  readonly name: string;
  /** Days on which it starts: one that crosses midnight belongs to the day before. */
  readonly days: readonly Weekday[];
  /** Minutes since local midnight, 0 to 1439. */
  readonly startMinute: number;
  /** Minutes since local midnight, 1 to 1440. Not after `startMinute`: the window crosses midnight. */
  readonly endMinute: number;
  /** IANA name, such as `Asia/Shanghai`; the zone of the machine when the file names none. */
  readonly timezone: string;
  /** By metric name; a metric that is not listed keeps its thresholds. */
  readonly thresholds: Readonly<Record<string, Thresholds>>;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
}

export type AutoscalerMode = 'threshold' | 'slo' | 'cost-optimize';

/** What the modes `slo` and `cost-optimize` keep, and what they look at. */
export interface ObjectiveConfig {
  /** A request that takes longer is late, in milliseconds. */
  readonly maxLatencyMs: number;
  /** Name of the metric that is the rate of requests. */
  readonly rate: string;
  /** Name of the metric that is the mean latency in seconds. Absent: the capacity of a replica is not learned. */
  readonly latency?: string;
  /** Requests per second of one replica, when known; learned otherwise. */
  readonly replicaRps?: number;
  /** Time from a decision to a serving replica, in milliseconds, until one was measured. */
  readonly startupMs: number;
  /** Share of requests that may be late. @defaultValue 0.005 in mode `slo`, 0.01 in mode `cost-optimize` */
  readonly lateRatio?: number;
  /** Whether yesterday and last week may raise the replicas. */
  readonly forecast: 'season' | 'none';
}

/** What one running replica costs. */
export interface Price {
  readonly perReplicaHour: number;
  /** ISO 4217, such as `CNY`. */
  readonly currency: string;
}

export type ConfigWarningCode =
  | 'rate-of-gauge'
  | 'total-that-scaling-cannot-lower'
  | 'thresholds-too-close'
  | 'share-of-what-does-not-add-up'
  | 'threshold-never-crossed'
  | 'window-applies-to-first-metric'
  | 'windows-overlap';

/** Something that loads and runs, and most likely does not do what was meant. */
export interface ConfigWarning {
  readonly code: ConfigWarningCode;
  /** `metrics[1].query` */
  readonly path: string;
  /** 1-based place in the file. */
  readonly line: number;
  readonly column: number;
  readonly message: Readonly<Record<Locale, string>>;
}

/** A checked configuration: every default filled in, every time in milliseconds. */
export interface AutoscalerConfig {
  /** File name, or `config.yaml` for a text. */
  readonly source: string;
  readonly mode: AutoscalerMode;
  /** Of the modes `slo` and `cost-optimize`. */
  readonly objective?: ObjectiveConfig;
  readonly metrics: readonly MetricRule[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Pause after a completed step in this direction before the next one; `down` also after a step up. */
  readonly cooldownMs: { readonly up: number; readonly down: number };
  /** Replicas added by one step; `auto`: as many as the per-replica thresholds ask for, at least one. */
  readonly upStep: number | 'auto';
  /** Replicas removed by one step, at most. */
  readonly downStep: number;
  readonly intervalMs: number;
  /** A sample older than this is no sample. */
  readonly staleAfterMs: number;
  /** The first that contains the present applies. */
  readonly timeWindows: readonly TimeWindow[];
  readonly price?: Price;
  readonly warnings: readonly ConfigWarning[];
}
