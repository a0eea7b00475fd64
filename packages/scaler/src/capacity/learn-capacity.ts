import { meanSojourn } from './sojourn-tail.ts';

/** What one replica is known to do. Plain data. */
export interface LearnedCapacity {
  /** Mean time that a request is served for, without waiting. */
  serviceSeconds: number;
  /** Requests that a replica serves at a time. */
  slots: number;
  /** Observations behind it, up to a number from which it no longer matters. */
  seen: number;
  /** Observations in a row of a latency that so many slots could not have at that load. */
  tooFast: number;
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
/** Utilisation from which a queue is an overload, whatever it is. */
const OVERLOADED = 0.98;
/** A latency this much below what the slots explain is no noise. */
const TOO_FAST = 1.5;
/** Latency from which requests evidently wait, in service times. */
const CROWDED = 2;
/** One observation may be of two different moments: load that has risen, latency of before. So many are not. */
const CONTRADICTIONS = 20;

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
 * Replicas that keep answering faster than one request at a time allows at their load serve several at a time:
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
    const first = serviceTime(sample, 1);
    // Of an overload every capacity just below the load is an explanation, the wrong one too.
    if ((requestsPerSecond * first) / ready > OVERLOADED) return undefined;
    return { serviceSeconds: first, slots: 1, seen: 1, tooFast: 0 };
  }
  const { slots, serviceSeconds } = known;
  const offered = requestsPerSecond * serviceSeconds;
  const servers = Math.max(1, Math.round(ready * slots));
  const expected = serviceSeconds * meanSojourn(servers, offered);
  // Whoever waits as long as he is served is in a queue; of an overload nothing is too fast.
  const isCrowded = meanLatencySeconds > serviceSeconds * CROWDED;
  if (expected > meanLatencySeconds * TOO_FAST && isCrowded) return known;
  if (expected > meanLatencySeconds * TOO_FAST) {
    const tooFast = known.tooFast + 1;
    if (tooFast < CONTRADICTIONS) return { ...known, tooFast };
    // By Little's law so many are in a replica at a time. That none of them waits is the careful reading.
    const inside = (requestsPerSecond * meanLatencySeconds) / ready;
    const more = Math.max(slots, inside / HIGHEST_TRUSTED);
    return { serviceSeconds: meanLatencySeconds, slots: more, seen: 1, tooFast: 0 };
  }
  // A crowded queue tells one thing: that a replica can do less than was thought.
  const isSlow = meanLatencySeconds > expected * TOO_FAST;
  if (offered / servers > HIGHEST_TRUSTED && !isSlow) return known;
  const seen = Math.min(ENOUGH_SEEN, known.seen + 1);
  // What the known service time explains to a thousandth needs no search.
  const isExplained = Math.abs(expected - meanLatencySeconds) <= 1e-3 * meanLatencySeconds;
  const estimate = isExplained ? serviceSeconds : serviceTime(sample, slots);
  return { slots, seen, tooFast: 0, serviceSeconds: serviceSeconds + (estimate - serviceSeconds) / seen };
}
