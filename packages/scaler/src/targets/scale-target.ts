/** How many replicas there are, by what they can do. */
export interface ReplicaState {
  /** Replicas that the target is working towards, or keeps. */
  readonly desired: number;
  /** Serving now. */
  readonly ready: number;
  /** Wanted and not serving yet, waiting for a restart included. */
  readonly starting: number;
  /** No longer wanted and still finishing what they have begun. */
  readonly draining: number;
  /** Of the ready ones, those that had nothing to do lately. Absent: the target cannot tell. */
  readonly idle?: number;
  /** Of the starting ones, those that failed again and again. Absent: the target cannot tell. */
  readonly crashLooping?: number;
  /** Whether replicas are being replaced by others of a new version. Absent: the target cannot tell. */
  readonly updating?: boolean;
}

/**
 * Something whose replicas can be counted and changed: a pool of processes, a Deployment, a webhook.
 *
 * Prove your own with `targetConformance` from `@tidewatch/scaler/testing`.
 */
export interface ScaleTarget {
  /** Counts the replicas. Rejects when it cannot tell: the controller then changes nothing. */
  observe(signal: AbortSignal): Promise<ReplicaState>;
  /**
   * Resolves when that many replicas are ready and none is draining; rejects when they cannot become
   * ready. A later call takes over from an earlier one. Aborting stops the waiting; what has reached the
   * target goes on.
   */
  scaleTo(replicas: number, signal: AbortSignal): Promise<void>;
  /** Releases what the target holds. Called by its owner, never by the controller. */
  close?(): Promise<void>;
}
