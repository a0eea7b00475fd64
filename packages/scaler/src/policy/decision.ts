import type { ThresholdPer } from '../config/autoscaler-config.ts';
import type { ServiceKnowledge } from '../slo/service-knowledge.ts';
import type { ReplicaPlan } from '../slo/plan-replicas.ts';
import type { ReplicaState } from '../targets/scale-target.ts';

/** What is known about one metric at the time of a decision. */
export type MetricReading =
  | {
      readonly name: string;
      readonly state: 'value';
      readonly value: number;
      readonly timeMs: number;
      /** The answer came with this warning: some of the data may be missing. */
      readonly partial?: string;
    }
  /** The query was answered, and nothing matched. */
  | { readonly name: string; readonly state: 'empty' }
  /** More than one series: which of them counts is not for us to choose. */
  | { readonly name: string; readonly state: 'ambiguous'; readonly series: number }
  /** The query was not answered. */
  | { readonly name: string; readonly state: 'failed'; readonly detail: string }
  /** Known not to exist on this machine. */
  | { readonly name: string; readonly state: 'unavailable'; readonly detail: string };

/** Everything a decision may look at. The controller samples the world; the policy only thinks. */
export interface DecisionInput {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** One reading for each metric of the configuration; one that is not listed counts as missing. */
  readonly metrics: readonly MetricReading[];
  readonly replicas: ReplicaState;
  /** When the last step up was completed. Absent: never. */
  readonly lastUpMs?: number;
  /** When the last step down was completed. Absent: never. */
  readonly lastDownMs?: number;
  /** What was learned of the service; the objective is kept by it. Absent: the thresholds decide. */
  readonly service?: ServiceKnowledge;
  /** Forecasts of the rate at the end of the horizon, by name, in the unit of the rate. */
  readonly forecasts?: Readonly<Record<string, number>>;
}

/**
 * What one metric says. `above` asks for more; `below` allows fewer; `between` is content. The others are
 * unknown and forbid fewer, except `set-aside`, which is known not to exist and has no say.
 */
export type Verdict =
  | 'above'
  | 'below'
  | 'between'
  | 'missing'
  | 'not-finite'
  | 'stale'
  | 'partial'
  | 'ambiguous'
  | 'failed'
  | 'set-aside';

/** One metric, as the decision saw it. */
export interface MetricVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  readonly per: ThresholdPer;
  /** What was compared: for `per: replica` the share of one ready replica. Absent when unknown. */
  readonly value?: number;
  /** What the query answered. Absent when unknown. */
  readonly total?: number;
  readonly up: number;
  readonly down: number;
  /** Why it is unknown or set aside. */
  readonly detail?: string;
}

/** Why the replicas go up. */
export const upReasons = [
  'above-threshold',
  'below-minimum',
  'load-needs-more',
  'ramps-need-more',
  'forecast-needs-more',
] as const;
/** Why the replicas go down. */
export const downReasons = ['all-below', 'above-maximum', 'surplus'] as const;
/** Why the replicas stay. */
export const holdReasons = [
  'within-thresholds',
  'metric-unknown',
  'all-set-aside',
  'cooldown',
  'at-maximum',
  'at-minimum',
  'would-flap',
  'replicas-starting',
  'replicas-draining',
  'replicas-failing',
  'rollout',
  'clock-stepped',
  'not-leader',
  'enough-replicas',
  'recently-needed',
  'latency-unreachable',
] as const;

export type UpReason = (typeof upReasons)[number];
export type DownReason = (typeof downReasons)[number];
export type HoldReason = (typeof holdReasons)[number];

/** What changed the number between what was asked for and what was decided. */
export interface Limit {
  readonly rule: 'step' | 'maximum' | 'minimum' | 'flapping';
  readonly from: number;
  readonly to: number;
}

interface DecisionFacts {
  /** Replicas wanted before. */
  readonly from: number;
  /** Replicas wanted now. */
  readonly to: number;
  /** Each metric of the configuration, in its order. */
  readonly inputs: readonly MetricVerdict[];
  /** What the metrics ask for, before anything holds it back. */
  readonly proposal: 'up' | 'down' | 'stay';
  /** Everything that holds the proposal back; the first is the reason. */
  readonly holds: readonly HoldReason[];
  readonly limits: readonly Limit[];
  /** Name of the time window in force. Absent: none. */
  readonly window?: string;
  /** The bounds in force. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly cooldownRemainingMs: { readonly up: number; readonly down: number };
  /** Of a mode with a latency objective: what it asks for, and why. Absent: the thresholds decided. */
  readonly plan?: ReplicaPlan;
}

export type Decision = DecisionFacts &
  (
    | { readonly action: 'up'; readonly reason: UpReason }
    | { readonly action: 'down'; readonly reason: DownReason }
    | { readonly action: 'hold'; readonly reason: HoldReason }
  );
