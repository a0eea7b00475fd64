/** Behaviour of the HorizontalPodAutoscaler v2; defaults of kube-controller-manager and of `autoscaling/v2`. */
export interface HpaOptions {
  /** What the metric is brought to: a mean utilisation, or a value per replica. */
  readonly target: number;
  readonly tolerance?: number;
  readonly downscaleStabilizationSeconds?: number;
  readonly upscaleStabilizationSeconds?: number;
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  /** `scaleUp.policies`, the greater of both counts. */
  readonly scaleUp?: { readonly pods: number; readonly percent: number; readonly periodSeconds: number };
  readonly scaleDown?: { readonly percent: number; readonly periodSeconds: number };
}

/** Pods by what is known about them. */
export interface HpaPods {
  /** `spec.replicas`. */
  readonly spec: number;
  /** Pods that are ready and have a value. */
  readonly ready: number;
  /** Pods that are starting; they count as idle when there is too much load. */
  readonly unready?: number;
  /** Pods without a value. */
  readonly missing?: number;
}

/** Slack before rounding up, for quotients such as 0.98 ÷ 0.7. */
const ROUNDING = 1e-9;

/**
 * Replicas that a resource metric asks for: the mean over the ready pods against its target.
 *
 * Pods without a value are taken at the target when the rest would scale down and at 0 when it would scale
 * up; starting pods at 0 when it would scale up. A corrected ratio within the tolerance, or to the other
 * side, changes nothing.
 *
 * @see kubernetes pkg/controller/podautoscaler/replica_calculator.go, GetResourceReplicas.
 */
export function hpaUtilizationReplicas(
  { spec, ready, unready = 0, missing = 0 }: HpaPods,
  value: number,
  target: number,
  tolerance = 0.1,
): number {
  if (!Number.isFinite(value) || ready === 0) return spec;
  const ratio = value / target;
  const rebalances = unready > 0 && ratio > 1;
  if (!rebalances && missing === 0) {
    return Math.abs(ratio - 1) <= tolerance ? spec : Math.ceil(ratio * ready - ROUNDING);
  }
  const assumed = ratio < 1 ? missing * target : 0;
  const pods = ready + missing + (rebalances ? unready : 0);
  const corrected = (value * ready + assumed) / pods / target;
  const isFlipped = (ratio < 1 && corrected > 1) || (ratio > 1 && corrected < 1);
  if (Math.abs(corrected - 1) <= tolerance || isFlipped) return spec;
  const wanted = Math.ceil(corrected * pods - ROUNDING);
  if ((corrected < 1 && wanted > spec) || (corrected > 1 && wanted < spec)) return spec;
  return wanted;
}

/**
 * Replicas that an external metric with an `AverageValue` target asks for: its total against the target.
 *
 * @see replica_calculator.go, GetExternalPerPodMetricReplicas: no correction for readiness.
 */
export function hpaAverageValueReplicas(
  statusReplicas: number,
  total: number,
  target: number,
  tolerance = 0.1,
): number {
  if (!Number.isFinite(total)) return statusReplicas;
  if (Math.abs(1 - total / (target * statusReplicas)) <= tolerance) return statusReplicas;
  return Math.ceil(total / target - ROUNDING);
}

/** Several metrics: the greatest; with some unknown nothing goes down; with all unknown nothing moves. */
export function hpaCombine(current: number, proposals: readonly (number | undefined)[]): number {
  const known = proposals.filter((proposal) => proposal !== undefined);
  if (known.length === 0) return current;
  const greatest = Math.max(...known);
  return known.length < proposals.length && greatest < current ? current : greatest;
}

/** Stabilisation windows and rate policies, between what is asked for and what is set. */
export interface HpaBehavior {
  /** The replicas to set, for what the metrics ask for now. */
  next(timeSeconds: number, current: number, wanted: number): number;
}

/**
 * `spec.behavior`: down to the greatest recommendation of 5 minutes, up to the least of its window (none by
 * default), and no faster than the policies allow. A new controller remembers its first count as a
 * recommendation.
 *
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, stabilizeRecommendationWithBehaviors and
 * convertDesiredReplicasWithBehaviorRate.
 */
export function createHpaBehavior(options: HpaOptions): HpaBehavior {
  const { downscaleStabilizationSeconds = 300, upscaleStabilizationSeconds = 0 } = options;
  const { minReplicas = 1, maxReplicas } = options;
  const { scaleUp = { pods: 4, percent: 100, periodSeconds: 15 } } = options;
  const { scaleDown = { percent: 100, periodSeconds: 15 } } = options;
  let recommendations: { readonly at: number; readonly count: number }[] | undefined;
  let events: { readonly at: number; readonly change: number }[] = [];
  const longest = Math.max(downscaleStabilizationSeconds, upscaleStabilizationSeconds);
  return {
    next(timeSeconds, current, wanted) {
      recommendations ??= [{ at: timeSeconds, count: current }];
      recommendations.push({ at: timeSeconds, count: wanted });
      recommendations = recommendations.filter(({ at }) => at > timeSeconds - longest || at === timeSeconds);
      const within = (seconds: number): number[] => [
        wanted,
        ...(recommendations ?? []).filter(({ at }) => at > timeSeconds - seconds).map(({ count }) => count),
      ];
      const least = Math.min(...within(upscaleStabilizationSeconds));
      const greatest = Math.max(...within(downscaleStabilizationSeconds));
      let stabilized = current;
      if (stabilized < least) stabilized = least;
      if (stabilized > greatest) stabilized = greatest;

      const lately = (seconds: number, sign: 1 | -1): number => {
        let sum = 0;
        for (const { at, change } of events) {
          if (at > timeSeconds - seconds && Math.sign(change) === sign) sum += Math.abs(change);
        }
        return sum;
      };
      let next = stabilized;
      if (stabilized > current) {
        const start = current - lately(scaleUp.periodSeconds, 1);
        const limit = Math.max(start + scaleUp.pods, Math.ceil(start * (1 + scaleUp.percent / 100)), current);
        next = Math.min(stabilized, limit, maxReplicas);
      } else if (stabilized < current) {
        const start = current + lately(scaleDown.periodSeconds, -1);
        const limit = Math.min(Math.floor(start * (1 - scaleDown.percent / 100)), current);
        next = Math.max(stabilized, limit, minReplicas);
      }
      next = Math.min(maxReplicas, Math.max(minReplicas, next));
      const longestPeriod = Math.max(scaleUp.periodSeconds, scaleDown.periodSeconds);
      events = events.filter(({ at }) => at > timeSeconds - longestPeriod);
      if (next !== current) events.push({ at: timeSeconds, change: next - current });
      return next;
    },
  };
}
