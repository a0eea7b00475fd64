import type { LateBudget } from './late-price.ts';

/** What a service is to keep, and how much of it may be missed. */
export interface SloObjective {
  /** A request that takes longer is late, in milliseconds. */
  readonly maxLatencyMs: number;
  /** What the policy means to spend: about half of what may be missed, because ramps come in heaps. */
  readonly budget: LateBudget;
}

/** `mode: slo`: half of 0.5 % of the requests and of 1 % of the minutes. */
export const sloBudget: LateBudget = { lateRatio: 0.0025, minutesLateRatio: 0.005, startPrice: 2 };

/** `mode: cost-optimize`: 0.6 % of the requests, whichever minutes they fall in; 1 % is the promise. */
export const costBudget: LateBudget = { lateRatio: 0.006, startPrice: 1.2 };
