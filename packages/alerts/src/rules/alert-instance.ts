import type { Labels } from '@tidewatch/core';

export type AlertState = 'pending' | 'firing' | 'resolved';

/**
 * Why an alert stopped firing. Never because an evaluation failed: that changes nothing.
 *
 * `source-gone`: nobody measures what it was about any more. `resolved-while-down`: it had recovered when this process
 * came back. `rule-removed`, `rule-changed`: the rule file says so.
 */
export type ResolvedReason =
  | 'condition-cleared'
  | 'source-gone'
  | 'resolved-while-down'
  | 'rule-removed'
  | 'rule-changed';

/** One alert of one rule: what the state machine remembers of a series between two evaluations. */
export interface AlertInstance {
  readonly fingerprint: string;
  readonly state: AlertState;
  /** With `alertname` and the rule's labels. */
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Labels of the sample behind the alert, without `__name__`. */
  readonly sampleLabels: Labels;
  /**
   * The present value of the expression; may be NaN. Absent for a resolved alert when it is not known:
   * a cleared condition returns no sample.
   */
  readonly value: number | undefined;
  /** The last value while the condition held. */
  readonly firingValue: number;
  readonly activeAtMs: number;
  readonly firedAtMs?: number;
  /** First evaluation without the condition, while `keep_firing_for` lasts. */
  readonly keepFiringSinceMs?: number;
  /** Since when nobody measures what it is about, while it is kept firing for that reason: neither bad nor good. */
  readonly noDataSinceMs?: number;
  readonly resolvedAtMs?: number;
  readonly resolvedReason?: ResolvedReason;
}

export type Instances = ReadonlyMap<string, AlertInstance>;
