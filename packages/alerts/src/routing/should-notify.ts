/** What was last told about a group. */
export interface LastNotified {
  readonly atMs: number;
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
}

/** The present state of a group, by fingerprint. */
export interface GroupState {
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
}

export type NotifyReason =
  | 'first-notification'
  | 'new-alerts-in-group'
  | 'new-resolved-alerts'
  | 'all-alerts-resolved'
  | 'repeat-interval-elapsed'
  | 'nothing-new'
  | 'resolved-before-told'
  | 'relayed';

/** Whether a group is told now, and why. */
export interface NotifyDecision {
  readonly notify: boolean;
  readonly reason: NotifyReason;
}

/**
 * Decides as Alertmanager's dedup stage does.
 *
 * @param last - Absent when the group has never been told of.
 */
export function shouldNotify(
  now: GroupState,
  last: LastNotified | undefined,
  repeatIntervalMs: number,
  nowMs: number,
): NotifyDecision {
  if (last === undefined) {
    if (now.firing.size > 0) return { notify: true, reason: 'first-notification' };
    return { notify: false, reason: 'resolved-before-told' };
  }
  if (![...now.firing].every((key) => last.firing.has(key)))
    return { notify: true, reason: 'new-alerts-in-group' };
  const toldOf = (key: string): boolean => last.firing.has(key);
  const newlyResolved = [...now.resolved].some((key) => toldOf(key) && !last.resolved.has(key));
  if (newlyResolved) {
    return { notify: true, reason: now.firing.size === 0 ? 'all-alerts-resolved' : 'new-resolved-alerts' };
  }
  if (now.firing.size > 0 && nowMs - last.atMs >= repeatIntervalMs)
    return { notify: true, reason: 'repeat-interval-elapsed' };
  return { notify: false, reason: 'nothing-new' };
}
