/**
 * Says which of several replicas evaluates and tells: a lock with an end, in whatever the replicas share.
 *
 * A lease that cannot be asked counts as held: two messages are better than none.
 */
export interface Lease {
  /** Whether this replica has it now: takes it when it is free, renews it when it is ours. */
  hold(signal: AbortSignal): Promise<boolean>;
  /** How often it is asked for; less than half of the time after which it ends by itself. */
  readonly renewMs: number;
}
