import type { AlertInstance, Instances } from './alert-instance.ts';
import type { Transition } from './step.ts';

/** Since when nobody has evaluated a rule whose alerts were kept. */
export interface Away {
  readonly sinceMs: number;
  /** Of the rule's group: so much lies between two evaluations anyway. */
  readonly intervalMs: number;
}

/** Prometheus's `rules.alert.for-outage-tolerance`: who was away longer lets pending alerts start over. */
const TOLERANCE_MS = 3_600_000;

/**
 * The alerts of a process before this one as they are taken up. What nobody looked at does not count towards `for`;
 * after a long absence a pending alert is forgotten. What fires goes on firing.
 */
export function afterAbsence(
  instances: Instances,
  away: Away | undefined,
  nowMs: number,
): { readonly instances: Instances; readonly transitions: readonly Transition[] } {
  if (away === undefined) return { instances, transitions: [] };
  // A clock that was set back meanwhile makes no absence, and no alert of the future.
  const unseenMs = Math.max(0, nowMs - away.sinceMs - away.intervalMs);
  const taken = new Map<string, AlertInstance>();
  const transitions: Transition[] = [];
  for (const [fingerprint, instance] of instances) {
    if (instance.state !== 'pending') taken.set(fingerprint, instance);
    else if (unseenMs > TOLERANCE_MS)
      transitions.push({ fingerprint, to: 'inactive', reason: 'away-too-long' });
    else {
      const activeAtMs = Math.min(instance.activeAtMs + unseenMs, nowMs);
      taken.set(fingerprint, { ...instance, activeAtMs });
    }
  }
  return { instances: taken, transitions };
}
