import type { Decision, HoldReason } from './decision.ts';

/** What the controller knows beyond the metrics. */
export interface Guards {
  /** Absent: no lease is used. */
  readonly isLeader?: boolean;
  /** The wall clock was stepped since the last tick. */
  readonly clockStepped?: boolean;
  /** Replicas that were added do not come to life, and it is too soon for another attempt. */
  readonly replicasFailing?: boolean;
  /** Replicas are being replaced by others of a new version. */
  readonly updating?: boolean;
}

/**
 * Turns a decision that must not be acted on now into a hold.
 *
 * More replicas of what does not start do no good; what is measured during a rollout is no load to go down on;
 * after the clock was stepped the samples and windows of one tick are not to be trusted. The bounds of the
 * configuration hold all the same, except for who is not the leader.
 */
export function guardDecision(decision: Decision, guards: Guards): Decision {
  const { action, from } = decision;
  const isBound = decision.reason === 'below-minimum' || decision.reason === 'above-maximum';
  const holds: HoldReason[] = [];
  if (guards.isLeader === false) holds.push('not-leader');
  if (guards.clockStepped === true && !isBound) holds.push('clock-stepped');
  if (guards.replicasFailing === true && action === 'up' && !isBound) holds.push('replicas-failing');
  if (guards.updating === true && action === 'down' && !isBound) holds.push('rollout');
  const [reason] = holds;
  if (reason === undefined || decision.proposal === 'stay') return decision;
  // What holds already has its reason; this is one more.
  if (action === 'hold') return { ...decision, holds: [...decision.holds, ...holds] };
  return { ...decision, action: 'hold', reason, to: from, holds: [...holds, ...decision.holds] };
}
