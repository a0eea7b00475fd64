/**
 * What is known of how far the load moves within a start-up: the last day or three of
 * `ln(load then ÷ forecast)`, divided by the volatility of its time. Plain data, so that it survives a restart.
 */
export interface RampDistribution {
  /** Decayed counts of standardised moves, in bins of 0.2 from -16 to 16. */
  readonly counts: number[];
  /** Sum of the counts. */
  total: number;
  /** Means of the squared moves over 10 minutes, 2 hours and a day. */
  readonly variances: number[];
  /** Moves seen, up to a number from which it no longer matters. */
  seen: number;
}

const LIMIT = 16;
const BINS = 160;
const BINS_PER_UNIT = BINS / (2 * LIMIT);
const WINDOWS_SECONDS = [600, 7200, 86_400];
/** Before anything is seen, a move of 2 % is an ordinary one. */
const PRIOR_MOVE = 0.02;
/** Weight of what is assumed before anything is seen, in samples. */
const PRIOR_SAMPLES = 200;
/** Smallest volatility: a load that has stood still for a day may still move. */
const LEAST_SCALE = 0.005;
const HALF_LIFE_SECONDS = 3 * 86_400;
const ENOUGH_SEEN = 100_000;

/** A distribution that has seen nothing: heavy tails, of Student's t with four degrees of freedom. */
export function unseenRamps(): RampDistribution {
  const counts = Array.from({ length: BINS }, (_, bin) => {
    const move = (bin + 0.5) / BINS_PER_UNIT - LIMIT;
    return (PRIOR_SAMPLES / BINS_PER_UNIT) * 0.375 * (1 + (move * move) / 4) ** -2.5;
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { counts, total, variances: WINDOWS_SECONDS.map(() => PRIOR_MOVE ** 2), seen: 0 };
}

/** The size of an ordinary move now: short, middle and long memory of volatility in equal parts. */
export function rampScale({ variances }: RampDistribution): number {
  const sum = variances.reduce((total, variance) => total + variance, 0);
  return Math.sqrt(sum / variances.length) + LEAST_SCALE;
}

/**
 * Takes in one move.
 *
 * @param move - `ln(load ÷ forecast)`, already divided by what the level of the load makes of moves.
 * @param scale - {@link rampScale} at the time of the forecast.
 * @param elapsedSeconds - Time since the move before.
 */
export function addRamp(ramps: RampDistribution, move: number, scale: number, elapsedSeconds: number): void {
  const { counts, variances } = ramps;
  const keep = 2 ** (-elapsedSeconds / HALF_LIFE_SECONDS);
  for (let bin = 0; bin < counts.length; bin++) counts[bin] = (counts[bin] ?? 0) * keep;
  const bin = binOf(move / scale);
  counts[bin] = (counts[bin] ?? 0) + 1;
  ramps.total = ramps.total * keep + 1;
  for (const [index, window] of WINDOWS_SECONDS.entries()) {
    const weight = Math.max(1 - Math.exp(-elapsedSeconds / window), 1 / (ramps.seen + 20));
    const before = variances[index] ?? 0;
    variances[index] = before + weight * (move * move - before);
  }
  ramps.seen = Math.min(ENOUGH_SEEN, ramps.seen + 1);
}

function binOf(standardised: number): number {
  return Math.max(0, Math.min(BINS - 1, Math.floor((standardised + LIMIT) * BINS_PER_UNIT)));
}

/**
 * Replicas at which one more would cost more than the shortage that it prevents.
 *
 * Minimises replicas + Σ price × P(load at the end of the horizon > what the replicas carry), over
 * `least` … `most`; of equals, the fewest.
 */
export function cheapestReplicas(
  { counts, total }: RampDistribution,
  { logForecast, scale, shortages, least, most }: RampQuestion,
): number {
  /** Weight of the moves from each bin on. */
  const above = new Float64Array(BINS + 1);
  for (let bin = BINS - 1; bin >= 0; bin--) above[bin] = (above[bin + 1] ?? 0) + (counts[bin] ?? 0);
  let [best, bestCost] = [least, Infinity];
  // Upwards: from where the replicas alone cost as much as the best answer, none can be better.
  for (let replicas = least; replicas <= most && replicas < bestCost; replicas++) {
    let cost = replicas;
    for (const { price, logLoads } of shortages) {
      const place = ((logLoads[replicas] ?? Infinity) - logForecast) / scale;
      const bounded = Math.max(0, Math.min(BINS - 1e-9, (place + LIMIT) * BINS_PER_UNIT));
      const bin = Math.floor(bounded);
      const inBin = (1 - (bounded - bin)) * (counts[bin] ?? 0);
      cost += (price * ((above[bin + 1] ?? 0) + inBin)) / total;
    }
    if (cost < bestCost) [best, bestCost] = [replicas, cost];
  }
  return best;
}

/** One way to be short of replicas. */
export interface Shortage {
  /** What it costs while it lasts, in replicas. */
  readonly price: number;
  /** Logarithm of the load from which 0, 1, 2 … replicas are that short; ascending. */
  readonly logLoads: ArrayLike<number>;
}

/** What {@link cheapestReplicas} is asked with. */
export interface RampQuestion {
  /** Logarithm of the load forecast. */
  readonly logForecast: number;
  /** Size of an ordinary move now. */
  readonly scale: number;
  readonly shortages: readonly Shortage[];
  readonly least: number;
  readonly most: number;
}
