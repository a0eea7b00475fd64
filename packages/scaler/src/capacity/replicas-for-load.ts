import { sojournTail } from './sojourn-tail.ts';

/** What a replica can do and what is asked of it. */
export interface LatencyObjective {
  /** Requests per second that one replica serves when it is never idle: 1 ÷ mean service time. */
  readonly replicaRps: number;
  /** A request that takes longer is late. */
  readonly latencySeconds: number;
  /** Largest share of late requests, in (0, 1). */
  readonly lateRatio: number;
}

/**
 * Largest load, in requests per second, that `replicas` serve within the objective: the inverse of
 * {@link sojournTail} in the load, by bisection. 0 when even an idle replica is too slow.
 */
export function loadOfReplicas(replicas: number, objective: LatencyObjective): number {
  const { replicaRps, latencySeconds, lateRatio } = objective;
  const time = latencySeconds * replicaRps;
  if (sojournTail(replicas, 0, time) > lateRatio) return 0;
  let [low, high] = [0, replicas];
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (sojournTail(replicas, middle, time) <= lateRatio) low = middle;
    else high = middle;
  }
  return low * replicaRps;
}

/**
 * The loads that 0, 1, 2 … `maxReplicas` replicas serve within the objective, in requests per second, ascending.
 *
 * Small fleets serve less per replica than large ones at the same objective: there is nobody to wait for instead.
 */
export function loadLevels(maxReplicas: number, objective: LatencyObjective): Float64Array {
  const levels = new Float64Array(maxReplicas + 1);
  for (let n = 1; n <= maxReplicas; n++) levels[n] = loadOfReplicas(n, objective);
  return levels;
}

/** Least replicas whose level carries the load; one more than the levels know when none does. */
export function replicasForLoad(levels: Float64Array, load: number): number {
  let [low, high] = [0, levels.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((levels[middle] ?? 0) >= load) high = middle;
    else low = middle + 1;
  }
  return low;
}
