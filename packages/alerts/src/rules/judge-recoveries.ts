import type { Vector } from '@tidewatch/core';
import type { AlertInstance, Instances, ResolvedReason } from './alert-instance.ts';
import { withoutName } from './candidate.ts';
import { fingerprint } from './fingerprint.ts';
import type { Transition } from './step.ts';

/**
 * What an alert does when nobody measures what it is about any more: `resolve` as Prometheus does, with a reason that
 * says so; `keep` it until there is data again; `alert` keeps it and raises `AlertsNoData` for the rule.
 */
export type NoDataPolicy = 'resolve' | 'keep' | 'alert';

export interface Recoveries {
  readonly instances: readonly AlertInstance[];
  readonly transitions: readonly Transition[];
}

/**
 * Looks again at the alerts that a step has resolved: a condition that no longer holds, and a series that is no
 * longer there, look the same to a rule, but not to the one who is woken.
 *
 * @param before - Alerts before the step.
 * @param present - What the left side of the comparison returns now; `undefined` when that cannot be known.
 * @param isFirst - Whether this is the first evaluation after the process came back.
 */
export function judgeRecoveries(
  step: Recoveries,
  before: Instances,
  present: Vector | undefined,
  policy: NoDataPolicy,
  isFirst: boolean,
  nowMs: number,
): Recoveries {
  const measured = present && new Set(present.map(({ labels }) => fingerprint(withoutName(labels))));
  const changed = new Map<string, Transition | undefined>();
  const instances = step.instances.map((instance): AlertInstance => {
    if (instance.state !== 'resolved') return instance;
    const { fingerprint: key, sampleLabels } = instance;
    const isGone = measured !== undefined && !measured.has(fingerprint(sampleLabels));
    const known = before.get(key);
    if (isGone && policy !== 'resolve' && known !== undefined) {
      const isNew = known.noDataSinceMs === undefined;
      changed.set(key, isNew ? { fingerprint: key, to: 'no-data', reason: 'source-gone' } : undefined);
      return isNew ? { ...known, noDataSinceMs: nowMs } : known;
    }
    const reason: ResolvedReason | undefined = isGone
      ? 'source-gone'
      : isFirst
        ? 'resolved-while-down'
        : undefined;
    if (reason === undefined) return instance;
    changed.set(key, { fingerprint: key, to: 'resolved', reason });
    return { ...instance, resolvedReason: reason };
  });
  if (changed.size === 0) return step;
  const transitions = step.transitions.flatMap((transition) => {
    if (!changed.has(transition.fingerprint)) return [transition];
    const instead = changed.get(transition.fingerprint);
    return instead === undefined ? [] : [instead];
  });
  return { instances, transitions };
}
