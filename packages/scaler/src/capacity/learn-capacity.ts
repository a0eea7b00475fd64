import { waitProbability } from './sojourn-tail.ts';

/** What one replica is known to do. Plain data. */
export interface LearnedCapacity {
  /** Mean time that a request is served for, without waiting. */
  serviceSeconds: number;
  /** Requests that a replica serves at a time. */
  slots: number;
  /** Observations behind it, up to a number from which it no longer matters. */
  seen: number;
}

/** One observation of the service. */
export interface CapacitySample {
  /** Completed requests per second, of all replicas. */
  readonly requestsPerSecond: number;
  /** Mean latency of these requests, waiting included. */
  readonly meanLatencySeconds: number;
  readonly ready: number;
}

/** Above this utilisation a queue is not in balance, and its latency says little about the service. */
const HIGHEST_TRUSTED = 0.9;
const ENOUGH_SEEN = 120;

/** Mean time in an M/M/c system, in mean service times. */
function meanSojourn(servers: number, offeredLoad: number): number {
  if (offeredLoad >= servers) return Infinity;
  return 1 + waitProbability(servers, offeredLoad) / (servers - offeredLoad);
}

/**
 * Service time behind a mean latency: the inverse of the M/M/c mean sojourn time, by bisection.
 *
 * The mean, not a percentile, is inverted: percentiles depend on the shape of the service time, and taking
 * the exponential one for a fixed one would make a replica look 4.6 times as fast as it is.
 */
export function serviceTime(
  { requestsPerSecond, meanLatencySeconds, ready }: CapacitySample,
  slots: number,
): number {
  const servers = Math.max(1, Math.round(ready * slots));
  let [low, high] = [0, meanLatencySeconds];
  for (let halving = 0; halving < 30; halving++) {
    const middle = (low + high) / 2;
    if (middle * meanSojourn(servers, requestsPerSecond * middle) <= meanLatencySeconds) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Takes in one observation; an impossible or unbalanced one changes nothing.
 *
 * Replicas that carry more at their usual latency than one request at a time allows serve several at a time;
 * what they were seen to carry becomes what they are counted on for.
 */
export function learnCapacity(
  known: LearnedCapacity | undefined,
  sample: CapacitySample,
): LearnedCapacity | undefined {
  const { requestsPerSecond, meanLatencySeconds, ready } = sample;
  if (!(requestsPerSecond > 0) || !(meanLatencySeconds > 0) || ready < 1) return known;
  if (!Number.isFinite(requestsPerSecond) || !Number.isFinite(meanLatencySeconds)) return known;
  if (known === undefined) {
    const slots = 1;
    return { serviceSeconds: serviceTime(sample, slots), slots, seen: 1 };
  }
  // Little's law: requests in service, per replica, were they never to wait.
  const busy = (requestsPerSecond * known.serviceSeconds) / ready;
  const isUsual = meanLatencySeconds < 1.2 * known.serviceSeconds;
  const slots = isUsual ? Math.max(known.slots, busy / HIGHEST_TRUSTED) : known.slots;
  if (busy / slots > HIGHEST_TRUSTED && !isUsual) return known;
  const seen = Math.min(ENOUGH_SEEN, known.seen + 1);
  const estimate = serviceTime(sample, slots);
  return { slots, seen, serviceSeconds: known.serviceSeconds + (estimate - known.serviceSeconds) / seen };
}
