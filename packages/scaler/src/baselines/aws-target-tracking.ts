/** AWS Application Auto Scaling, `TargetTrackingScaling`. */
export interface AwsTargetTrackingOptions {
  readonly target: number;
  readonly scaleOutCooldownSeconds?: number;
  readonly scaleInCooldownSeconds?: number;
}

/** One evaluation of the two alarms, once a minute. */
export interface AwsTargetTracking {
  /**
   * @param current - Capacity wanted.
   * @param metric - The newest one-minute value; `undefined`: no data.
   * @param serving - Capacity that the metric was measured on; a start-up is not asked for twice.
   */
  next(timeSeconds: number, current: number, metric: number | undefined, serving?: number): number;
}

const OUT_DATAPOINTS = 3;
const IN_DATAPOINTS = 15;
/** The scale-in alarm stands 10 % below the target. */
const IN_SHARE = 0.9;

/**
 * Target tracking: out in proportion when 3 minutes in a row are above the target, in when 15 minutes in a
 * row are below 90 % of it. Within the cooldown after a scale-out, only a larger one acts; the cooldown of a
 * scale-in never delays a scale-out. Missing data never scales in.
 *
 * @see AWS Application Auto Scaling user guide, "Target tracking scaling policies" and "Cooldown period".
 */
export function createAwsTargetTracking({
  target,
  scaleOutCooldownSeconds = 300,
  scaleInCooldownSeconds = 300,
}: AwsTargetTrackingOptions): AwsTargetTracking {
  let above = 0;
  let below = 0;
  let lastOut: { readonly at: number; readonly to: number } | undefined;
  let lastInAt = -Infinity;
  return {
    next(timeSeconds, current, metric, serving = current) {
      if (metric === undefined || !Number.isFinite(metric)) {
        [above, below] = [0, 0];
        return current;
      }
      above = metric > target ? above + 1 : 0;
      below = metric < IN_SHARE * target ? below + 1 : 0;
      const wanted = Math.ceil((serving * metric) / target - 1e-9);
      const sinceOut = timeSeconds - (lastOut?.at ?? -Infinity);
      if (above >= OUT_DATAPOINTS && wanted > current) {
        const isLarger = wanted > (lastOut?.to ?? 0);
        if (sinceOut < scaleOutCooldownSeconds && !isLarger) return current;
        lastOut = { at: timeSeconds, to: wanted };
        return wanted;
      }
      const isCooling = sinceOut < scaleOutCooldownSeconds || timeSeconds - lastInAt < scaleInCooldownSeconds;
      if (below >= IN_DATAPOINTS && !isCooling && wanted < current) {
        lastInAt = timeSeconds;
        return wanted;
      }
      return current;
    },
  };
}
