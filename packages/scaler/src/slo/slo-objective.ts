import type { LateBudget } from './late-price.ts';

/** What a service is to keep, and how much of it may be missed. */
export interface SloObjective {
  /** A request that takes longer is late, in milliseconds. */
  readonly maxLatencyMs: number;
  /** What the policy means to spend: a part of what may be missed, because ramps come in heaps. */
  readonly budget: LateBudget;
}

/**
 * Of `mode: slo`: half of the late requests (0.5 %) and six tenths of the late minutes (1 %) that may be. The rest is for
 * the ramp that nobody could foresee.
 */
export function sloBudget(lateRatio = 0.005): LateBudget {
  return { lateRatio: lateRatio * 0.5, minutesLateRatio: 0.006, startPrice: 0.55 };
}

/** A start-up of a minute has shown a new service's ramps sixty times an hour, one of ten minutes six times. */
const SHOWN_POWER = 1.3;

/**
 * Of `mode: cost-optimize`: 70 % of the late requests (1 %) that may be, whichever minutes they fall in. It
 * begins the more carefully the longer a start-up takes.
 */
export function costBudget(lateRatio = 0.01, startupMs = 60_000): LateBudget {
  return { lateRatio: lateRatio * 0.7, startPrice: 0.14 * (startupMs / 60_000) ** SHOWN_POWER };
}
