/** The values of the variables in a panel's expression. */
export interface QueryVariables {
  /** Window for `rate`: see {@link rateIntervalMs}. */
  readonly rateIntervalMs: number;
  /** The chosen time range. */
  readonly windowMs: number;
}

/**
 * Window for `rate` that always holds enough samples: four sample intervals, or one step if that is longer.
 *
 * Grafana's `$__rate_interval` follows the same thought.
 */
export function rateIntervalMs(sampleIntervalMs: number, stepMs: number): number {
  return Math.max(4 * sampleIntervalMs, stepMs);
}

/** Fills in `$__rate_interval` and `$window`. The result is plain PromQL. */
export function substituteVariables(expr: string, variables: QueryVariables): string {
  return expr
    .replaceAll('$__rate_interval', duration(variables.rateIntervalMs))
    .replaceAll('$window', duration(variables.windowMs));
}

/** Milliseconds only where they are needed: `90s` reads better than `90000ms`. */
function duration(ms: number): string {
  const whole = Math.max(1, Math.round(ms));
  return whole % 1000 === 0 ? `${whole / 1000}s` : `${whole}ms`;
}
