/** Knobs of the Knative pod autoscaler; defaults of `config-autoscaler`. */
export interface KnativeOptions {
  /** Concurrency that one pod is meant for, `containerConcurrency`. */
  readonly containerConcurrency: number;
  readonly targetUtilization?: number;
  readonly stableWindowSeconds?: number;
  readonly panicThreshold?: number;
  readonly maxScaleUpRate?: number;
  readonly maxScaleDownRate?: number;
}

/** One tick of the Knative pod autoscaler. */
export interface KnativeAutoscaler {
  /**
   * @param stable - Mean concurrency over the stable window (60 s).
   * @param panic - Mean concurrency over the panic window (6 s).
   */
  next(timeSeconds: number, ready: number, stable: number, panic: number): number;
}

/**
 * Knative's autoscaler: replicas from the mean concurrency of 60 s, or, once the last 6 s ask for twice what
 * is ready, from the greater of both, and then never down for a stable window. A new one that finds more
 * than one pod starts in panic.
 *
 * @see knative/serving pkg/autoscaler/scaling/autoscaler.go, Scale.
 */
export function createKnativeAutoscaler({
  containerConcurrency,
  targetUtilization = 0.7,
  stableWindowSeconds = 60,
  panicThreshold = 2,
  maxScaleUpRate = 1000,
  maxScaleDownRate = 2,
}: KnativeOptions): KnativeAutoscaler {
  const target = containerConcurrency * targetUtilization;
  let panicSince: number | undefined;
  let maxPanicPods = 0;
  let isNew = true;
  return {
    next(timeSeconds, ready, stable, panic) {
      const pods = Math.max(1, ready);
      if (isNew && ready > 1) [panicSince, maxPanicPods] = [timeSeconds, ready];
      isNew = false;
      if (!Number.isFinite(stable) || !Number.isFinite(panic)) return ready;
      const highest = Math.ceil(maxScaleUpRate * pods);
      const lowest = Math.floor(pods / maxScaleDownRate);
      const bounded = (count: number): number => Math.min(highest, Math.max(lowest, count));
      const byStable = bounded(Math.ceil(stable / target));
      const byPanic = bounded(Math.ceil(panic / target));
      const isOver = Math.ceil(panic / target) / pods >= panicThreshold;
      if (isOver) panicSince = timeSeconds;
      else if (panicSince !== undefined && panicSince + stableWindowSeconds < timeSeconds) {
        [panicSince, maxPanicPods] = [undefined, 0];
      }
      if (panicSince === undefined) return byStable;
      maxPanicPods = Math.max(maxPanicPods, byStable, byPanic);
      return maxPanicPods;
    },
  };
}
