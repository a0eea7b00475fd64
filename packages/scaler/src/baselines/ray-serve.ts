/** Ray Serve's `autoscaling_config`; its defaults. */
export interface RayServeOptions {
  readonly targetOngoingRequests?: number;
  readonly upscaleDelaySeconds?: number;
  readonly downscaleDelaySeconds?: number;
  readonly upscalingFactor?: number;
  readonly downscalingFactor?: number;
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  /** Pause between two runs of its loop. */
  readonly loopSeconds: number;
}

/** One run of Ray Serve's loop. */
export interface RayServeAutoscaler {
  /**
   * @param current - Target number of replicas.
   * @param ongoing - Mean requests in all replicas and handles over the look-back of 30 s.
   */
  next(current: number, ongoing: number): number;
}

/**
 * Ray Serve's policy: replicas in proportion to the ongoing requests, acted on once the same direction was
 * asked for in every run of 30 s (up) or 600 s (down).
 *
 * @see ray python/ray/serve/autoscaling_policy.py, _calculate_desired_num_replicas and
 * replica_queue_length_autoscaling_policy.
 */
export function createRayServeAutoscaler({
  targetOngoingRequests = 2,
  upscaleDelaySeconds = 30,
  downscaleDelaySeconds = 600,
  upscalingFactor = 1,
  downscalingFactor = 1,
  minReplicas = 1,
  maxReplicas,
  loopSeconds,
}: RayServeOptions): RayServeAutoscaler {
  let votes = 0;
  return {
    next(current, ongoing) {
      if (!Number.isFinite(ongoing)) return current;
      if (current === 0) return ongoing > 0 ? Math.max(1, minReplicas) : 0;
      const ratio = ongoing / current / targetOngoingRequests;
      const factor = ratio > 1 ? upscalingFactor : downscalingFactor;
      const raw = Math.ceil(current * (1 + (ratio - 1) * factor) - 1e-9);
      const desired = Math.min(maxReplicas, Math.max(minReplicas, raw));
      if (desired > current) {
        votes = Math.max(votes, 0) + 1;
        if (votes <= upscaleDelaySeconds / loopSeconds) return current;
      } else if (desired < current) {
        votes = Math.min(votes, 0) - 1;
        if (votes >= -downscaleDelaySeconds / loopSeconds) return current;
      }
      votes = 0;
      return desired;
    },
  };
}
