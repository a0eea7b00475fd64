import type { Labels } from '@tidewatch/core';
import type { NotifiedAlert } from './channels/channel.ts';
import type { AlertInstance, AlertState, ResolvedReason } from './rules/alert-instance.ts';

/** An alert as it stands, for a page or a report. */
export interface Alert {
  /** The rule's name. */
  readonly name: string;
  readonly state: AlertState;
  /** Stable identity of the labels, 16 hex digits: what `explain` takes. */
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Present value; may be NaN. Absent for a resolved alert whose present value is not known. */
  readonly value?: number;
  /** Last value while the condition held. */
  readonly firingValue: number;
  readonly activeAtMs: number;
  readonly firedAtMs?: number;
  readonly resolvedAtMs?: number;
  /** Why it no longer fires. */
  readonly resolvedReason?: ResolvedReason;
  /** Since when nobody measures what it is about, while it is kept firing for that reason. */
  readonly noDataSinceMs?: number;
  /** Who has taken it on. */
  readonly acknowledgedBy?: string;
  /** Names of the channels that have accepted a message about it. */
  readonly deliveredTo: readonly string[];
}

/** Shows an instance of a rule. */
export function toAlert(
  instance: AlertInstance,
  deliveredTo: readonly string[],
  acknowledgedBy?: string,
): Alert {
  const { labels, state, fingerprint, annotations, value, firingValue, activeAtMs, firedAtMs } = instance;
  const { resolvedAtMs, resolvedReason, noDataSinceMs } = instance;
  return {
    name: labels['alertname'] ?? '',
    state,
    fingerprint,
    labels,
    annotations: { ...annotations },
    ...(value === undefined ? {} : { value }),
    firingValue,
    activeAtMs,
    ...(firedAtMs === undefined ? {} : { firedAtMs }),
    ...(resolvedAtMs === undefined ? {} : { resolvedAtMs }),
    ...(resolvedReason === undefined ? {} : { resolvedReason }),
    ...(noDataSinceMs === undefined ? {} : { noDataSinceMs }),
    ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
    deliveredTo,
  };
}

/** What a notification says of an instance; `undefined` while it is pending, which nobody is told. */
export function toNotifiedAlert(instance: AlertInstance, expr: string): NotifiedAlert | undefined {
  const { state, fingerprint, labels, annotations, value, firingValue, activeAtMs, firedAtMs } = instance;
  const { resolvedAtMs, resolvedReason, noDataSinceMs } = instance;
  if (state === 'pending') return undefined;
  return {
    fingerprint,
    status: state,
    labels,
    // A copy: those of an alert that fires are written over by the next evaluation.
    annotations: { ...annotations },
    value,
    firingValue,
    activeAtMs,
    startsAtMs: firedAtMs ?? activeAtMs,
    ...(resolvedAtMs === undefined ? {} : { endsAtMs: resolvedAtMs }),
    ...(resolvedReason === undefined ? {} : { resolvedReason }),
    ...(noDataSinceMs === undefined ? {} : { noDataSinceMs }),
    expr,
  };
}
