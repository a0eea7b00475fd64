import type { ShortagePrice } from './late-price.ts';
import type { Shortage } from './ramp-distribution.ts';
import type { ServiceKnowledge } from './service-knowledge.ts';

/** Share of late requests from which a number of replicas no longer serves a load: the P99. */
export const LEVEL_LATE_RATIO = 0.01;
/** Shares of late requests, each worse than the one before, and what reaching it adds to the share. */
const STAGES = [
  { late: 0.002, adds: 0.005 },
  { late: 0.01, adds: 0.019 },
  { late: 0.04, adds: 0.07 },
  { late: 0.15, adds: 0.28 },
  { late: 0.6, adds: 0.626 },
] as const;

/**
 * What too few replicas cost: a late minute from the level on, and late requests by the share of them.
 *
 * A small fleet is late by degrees, a large one at once.
 */
export function shortagesOf(
  { logLevels, levelsFor }: ServiceKnowledge,
  { requests, minutes }: ShortagePrice,
): readonly Shortage[] {
  const isMeasured = levelsFor !== undefined && Number.isFinite(levelsFor.maxLatencyMs);
  if (!isMeasured) return [{ price: minutes + requests, logLoads: logLevels }];
  const stages = stagesOf(logLevels, levelsFor.slots / levelsFor.serviceSeconds);
  const byRequests = STAGES.map(({ adds }, stage): Shortage => {
    return { price: requests * adds, logLoads: stages[stage] ?? logLevels };
  });
  return minutes > 0 ? [{ price: minutes, logLoads: logLevels }, ...byRequests] : byRequests;
}

/** What a load costs that meets so many replicas, beside the replicas themselves. */
export function costOfShortage(shortages: readonly Shortage[], replicas: number, logLoad: number): number {
  let sum = 0;
  for (const { price, logLoads } of shortages) if (logLoad > (logLoads[replicas] ?? 0)) sum += price;
  return sum;
}

/** Levels are computed once for a service; so are the loads of the stages. */
const known = new WeakMap<readonly number[], readonly Float64Array[]>();

/**
 * Logarithm of the loads from which 0, 1, 2 … replicas reach each stage.
 *
 * Between the level and the saturation the logarithm of the share that waits too long is nearly linear in the load:
 * exactly for one replica, within a tenth of one for more.
 */
function stagesOf(logLevels: readonly number[], replicaRps: number): readonly Float64Array[] {
  const before = known.get(logLevels);
  if (before !== undefined) return before;
  const stages = STAGES.map(({ late }) => {
    const below = Math.log(late) / Math.log(LEVEL_LATE_RATIO);
    return Float64Array.from(logLevels, (level, replicas) => {
      const saturated = replicas * replicaRps;
      return Math.log(Math.max(saturated - (saturated - Math.exp(level)) * below, 1e-9));
    });
  });
  known.set(logLevels, stages);
  return stages;
}
