/** What KEDA's Prometheus trigger makes of a query. */
export interface KedaReading {
  /** The query's only value; `undefined`: an empty answer. */
  readonly value: number | undefined;
  /** The query was refused or not answered. */
  readonly failed?: boolean;
}

/**
 * The number that the trigger reports: an empty answer, NaN and infinity are 0 unless `ignoreNullValues` is
 * false, when they are an error, as a failed query is.
 *
 * @returns `undefined` for an error: the HorizontalPodAutoscaler behind it then changes nothing.
 * @see keda pkg/scalers/prometheus_scaler.go, ExecutePromQuery.
 */
export function kedaMetricValue(
  { value, failed = false }: KedaReading,
  ignoreNullValues = true,
): number | undefined {
  if (failed) return undefined;
  if (value !== undefined && Number.isFinite(value)) return Math.max(0, value);
  return ignoreNullValues ? 0 : undefined;
}

/** What KEDA itself does, beside the HorizontalPodAutoscaler: between nothing and one. */
export interface KedaActivation {
  /** `undefined`: leave it to the HorizontalPodAutoscaler. */
  next(timeSeconds: number, current: number, value: number): number | undefined;
}

/**
 * From 0 to 1 as soon as the value is above `activationThreshold`; from any count straight to 0 when it has
 * not been for `cooldownPeriod`. The cooldown delays nothing else.
 *
 * @see keda pkg/scaling/executor/scale_scaledobjects.go.
 */
export function createKedaActivation({
  activationThreshold = 0,
  cooldownPeriodSeconds = 300,
  minReplicaCount = 0,
}: {
  readonly activationThreshold?: number;
  readonly cooldownPeriodSeconds?: number;
  readonly minReplicaCount?: number;
} = {}): KedaActivation {
  let lastActive: number | undefined;
  return {
    next(timeSeconds, current, value) {
      if (value > activationThreshold) {
        lastActive = timeSeconds;
        return current === 0 ? Math.max(1, minReplicaCount) : undefined;
      }
      if (current === 0 || minReplicaCount > 0) return undefined;
      const isOver = lastActive === undefined || lastActive + cooldownPeriodSeconds < timeSeconds;
      return isOver ? 0 : undefined;
    },
  };
}
