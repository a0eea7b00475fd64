/** Thresholds per ready replica, in the unit of the metric. */
export interface ArticleRuleOptions {
  readonly up: number;
  readonly down: number;
  readonly cooldownSeconds?: number;
}

/** One run of the rule. */
export interface ArticleRule {
  /** @param perReplica - Each metric divided by the ready replicas. */
  next(timeSeconds: number, current: number, perReplica: readonly number[]): number;
}

/**
 * The rule of the article: one more when any metric is above its threshold, one fewer when all are below,
 * and nothing at all for 300 s after either. Our own `threshold` mode differs where it hurts: its cooldown
 * never delays a step up.
 */
export function createArticleRule({ up, down, cooldownSeconds = 300 }: ArticleRuleOptions): ArticleRule {
  let lastStep = -Infinity;
  return {
    next(timeSeconds, current, perReplica) {
      if (timeSeconds - lastStep < cooldownSeconds) return current;
      const step = perReplica.some((value) => value > up)
        ? 1
        : perReplica.every((value) => value < down)
          ? -1
          : 0;
      if (step !== 0) lastStep = timeSeconds;
      return current + step;
    },
  };
}
