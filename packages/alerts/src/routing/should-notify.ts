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
  /** Would have been told of, but for quiet hours. Absent: none. */
  readonly held?: ReadonlySet<string>;
}

export type NotifyReason =
  | 'first-notification'
  | 'new-alerts-in-group'
  | 'new-resolved-alerts'
  | 'all-alerts-resolved'
  | 'repeat-interval-elapsed'
  | 'nothing-new'
  | 'resolved-before-told'
  | 'quiet-hours'
  | 'fired-and-recovered-in-quiet-hours'
  | 'not-acknowledged'
  | 'recovered-after-escalation'
  | 'relayed';

/** Whether a group is told now, and why. */
export interface NotifyDecision {
  readonly notify: boolean;
  readonly reason: NotifyReason;
}

/**
 * Decides as Alertmanager's dedup stage does; besides, what fired and recovered in quiet hours is told after them.
 *
 * @param last - Absent when the group has never been told of.
 */
export function shouldNotify(
  now: GroupState,
  last: LastNotified | undefined,
  repeatIntervalMs: number,
  nowMs: number,
): NotifyDecision {
  const { held = new Set() } = now;
  const missed = [...now.resolved].some((key) => held.has(key));
  if (last === undefined) {
    if (now.firing.size > 0) return { notify: true, reason: 'first-notification' };
    if (missed) return { notify: true, reason: 'fired-and-recovered-in-quiet-hours' };
    return { notify: false, reason: 'resolved-before-told' };
  }
  if (![...now.firing].every((key) => last.firing.has(key)))
    return { notify: true, reason: 'new-alerts-in-group' };
  const toldOf = (key: string): boolean => last.firing.has(key);
  const newlyResolved = [...now.resolved].some((key) => toldOf(key) && !last.resolved.has(key));
  if (newlyResolved) {
    return { notify: true, reason: now.firing.size === 0 ? 'all-alerts-resolved' : 'new-resolved-alerts' };
  }
  if (missed) return { notify: true, reason: 'fired-and-recovered-in-quiet-hours' };
  if (now.firing.size > 0 && nowMs - last.atMs >= repeatIntervalMs)
    return { notify: true, reason: 'repeat-interval-elapsed' };
  return { notify: false, reason: 'nothing-new' };
}
