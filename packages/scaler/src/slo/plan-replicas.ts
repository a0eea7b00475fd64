import { priceInReplicas, type LateBudget, type ShortagePrice } from './late-price.ts';
import { cheapestReplicas, rampScale, type RampDistribution } from './ramp-distribution.ts';
import type { ForecastExpert, ServiceKnowledge } from './service-knowledge.ts';
import { shortagesOf } from './shortages.ts';

/** What the plan is made for. */
export interface PlanQuestion {
  readonly nowMs: number;
  /** Load now, in requests per second. */
  readonly requestsPerSecond: number;
  readonly budget: LateBudget;
  /** Forecasts of the load at the end of the horizon, by expert, in requests per second. */
  readonly forecasts?: Readonly<Record<string, number>>;
}

/** How many replicas the load of the next start-up needs, and what speaks for it. */
export interface ReplicaPlan {
  /** Replicas to want now. */
  readonly replicas: number;
  /** The least that the present load needs within the objective. */
  readonly needed: number;
  /** What the recent ramps ask for, without a forecast: counted from the last rate, or from the mean that did better. */
  readonly forRamps: number;
  /** What they ask for when counted from the last rate. */
  readonly fromLast: number;
  /** What they ask for when counted from each of the running means, shortest first. */
  readonly fromMeans: readonly number[];
  /** The expert that raised it, if one did. */
  readonly raisedBy?: string;
  /** Replicas by expert, trusted or not. */
  readonly byExpert: Readonly<Record<string, number>>;
  /** What it is priced at, in replicas, while everything is late. */
  readonly price: number;
  /** Size of an ordinary move within the horizon, as a logarithm: 0.05 is 5 %. */
  readonly scale: number;
  /** By how much more a load of this level moves than the mean load does. */
  readonly gain: number;
}

/** A low load moves more, relative to itself, than a high one: by the square root of what it is below the mean. */
const GAIN_POWER = -0.5;
const SMALLEST_LEVEL = 0.2;
const LARGEST_LEVEL = 3;
/** Time for which an expert is watched before it may raise anything. */
const TRUST_AFTER_SECONDS = 6 * 3600;

/** A running mean takes the place of the last rate when it would have cost this much less. */
const CLEARLY_CHEAPER = 0.995;
/** A load that is so many ordinary moves off its mean is no noise around it. */
const NEW_LEVEL = 3;

/** Least load that has a logarithm worth having, relative to the mean. */
const LEAST_SHARE = 1e-3;

export function logLoad(requestsPerSecond: number, meanRate: number): number {
  return Math.log(Math.max(requestsPerSecond, meanRate * LEAST_SHARE, 1e-6));
}

/** Whether following the expert has been cheaper than doing without it. */
export function isTrusted({ cost, costWithout, scoredSeconds }: ForecastExpert): boolean {
  return scoredSeconds >= TRUST_AFTER_SECONDS && cost < costWithout;
}

/** What lateness is priced at now, in replicas. */
export function pricesNow(
  { logLevels, meanRate = 0, price }: ServiceKnowledge,
  requestsPerSecond: number,
  budget: LateBudget,
): ShortagePrice {
  const most = logLevels.length - 1;
  const perReplica = Math.exp(logLevels[most] ?? 0) / most;
  const usual = Math.max(1, meanRate / perReplica);
  return priceInReplicas(price, budget, { now: requestsPerSecond / perReplica, usual });
}

/** Thinks; changes nothing. `undefined` while the capacity is not known. */
export function planReplicas(knowledge: ServiceKnowledge, question: PlanQuestion): ReplicaPlan | undefined {
  const { logLevels, meanRate, ramps, experts } = knowledge;
  if (logLevels.length < 2 || meanRate === undefined) return undefined;
  const { requestsPerSecond, budget, forecasts = {} } = question;
  const most = logLevels.length - 1;
  const logNow = logLoad(requestsPerSecond, meanRate);
  const prices = pricesNow(knowledge, requestsPerSecond, budget);
  const shortages = shortagesOf(knowledge, prices);
  const level = Math.min(
    LARGEST_LEVEL,
    Math.max(SMALLEST_LEVEL, requestsPerSecond / Math.max(meanRate, 1e-9)),
  );
  const gain = level ** GAIN_POWER;
  const needed = leastFor(logLevels, logNow);
  const ask = (distribution: RampDistribution, logForecast: number): number =>
    cheapestReplicas(distribution, {
      logForecast,
      scale: rampScale(distribution) * gain,
      shortages,
      least: needed,
      most,
    });
  const fromLast = ask(ramps, logNow);
  const fromMeans = knowledge.means.map((one) => ask(one.ramps, logLoad(one.rate, meanRate)));
  let [forRamps, cheapest] = [fromLast, Infinity];
  for (const [index, one] of knowledge.means.entries()) {
    const moved = Math.abs(logNow - logLoad(one.rate, meanRate)) / (rampScale(one.ramps) * gain);
    const isBetter = isTrusted(one) && one.cost < one.costWithout * CLEARLY_CHEAPER;
    if (isBetter && moved < NEW_LEVEL && one.cost < cheapest)
      [forRamps, cheapest] = [fromMeans[index] ?? fromLast, one.cost];
  }
  const byExpert: Record<string, number> = {};
  let [replicas, raisedBy] = [forRamps, undefined as string | undefined];
  for (const [name, forecast] of Object.entries(forecasts)) {
    const expert = experts[name];
    if (expert === undefined || !(forecast > 0)) continue;
    const asked = ask(expert.ramps, logLoad(forecast, meanRate));
    byExpert[name] = asked;
    if (asked > replicas && isTrusted(expert)) [replicas, raisedBy] = [asked, name];
  }
  const price = prices.requests + prices.minutes;
  const scale = rampScale(ramps) * gain;
  const plan = { replicas, needed, forRamps, fromLast, fromMeans, byExpert, price, scale, gain };
  return raisedBy === undefined ? plan : { ...plan, raisedBy };
}

/** Least replicas whose level carries the load, the most when none does. */
function leastFor(logLevels: readonly number[], log: number): number {
  let [low, high] = [0, logLevels.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((logLevels[middle] ?? -Infinity) >= log) high = middle;
    else low = middle + 1;
  }
  return low;
}
