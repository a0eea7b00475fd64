import { cheapestReplicas, rampScale, type RampDistribution } from './ramp-distribution.ts';
import { priceInReplicas, type LateBudget } from './late-price.ts';
import type { ForecastExpert, ServiceKnowledge } from './service-knowledge.ts';

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
  /** What the recent ramps ask for, without a forecast. */
  readonly forRamps: number;
  /** The expert that raised it, if one did. */
  readonly raisedBy?: string;
  /** Replicas by expert, trusted or not. */
  readonly byExpert: Readonly<Record<string, number>>;
  /** What a shortage is priced at, in replicas. */
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

/** Least load that has a logarithm worth having, relative to the mean. */
const LEAST_SHARE = 1e-3;

export function logLoad(requestsPerSecond: number, meanRate: number): number {
  return Math.log(Math.max(requestsPerSecond, meanRate * LEAST_SHARE, 1e-6));
}

/** Whether following the expert has been cheaper than doing without it. */
export function isTrusted({ cost, costWithout, scoredSeconds }: ForecastExpert): boolean {
  return scoredSeconds >= TRUST_AFTER_SECONDS && cost < costWithout;
}

/** Thinks; changes nothing. `undefined` while the capacity is not known. */
export function planReplicas(knowledge: ServiceKnowledge, question: PlanQuestion): ReplicaPlan | undefined {
  const { logLevels, meanRate, price: prices, ramps, experts } = knowledge;
  if (logLevels.length < 2 || meanRate === undefined) return undefined;
  const { requestsPerSecond, budget, forecasts = {} } = question;
  const most = logLevels.length - 1;
  const logNow = logLoad(requestsPerSecond, meanRate);
  const perReplica = Math.exp(logLevels[most] ?? 0) / most;
  const usual = Math.max(1, meanRate / perReplica);
  const price = priceInReplicas(prices, budget, { now: requestsPerSecond / perReplica, usual });
  const level = Math.min(
    LARGEST_LEVEL,
    Math.max(SMALLEST_LEVEL, requestsPerSecond / Math.max(meanRate, 1e-9)),
  );
  const gain = level ** GAIN_POWER;
  const needed = leastFor(logLevels, logNow);
  const ask = (distribution: RampDistribution, logForecast: number): number =>
    cheapestReplicas(distribution, logLevels, {
      logForecast,
      scale: rampScale(distribution) * gain,
      price,
      least: needed,
    });
  const forRamps = ask(ramps, logNow);
  const byExpert: Record<string, number> = {};
  let [replicas, raisedBy] = [forRamps, undefined as string | undefined];
  for (const [name, forecast] of Object.entries(forecasts)) {
    const expert = experts[name];
    if (expert === undefined || !(forecast > 0)) continue;
    const asked = ask(expert.ramps, logLoad(forecast, meanRate));
    byExpert[name] = asked;
    if (asked > replicas && isTrusted(expert)) [replicas, raisedBy] = [asked, name];
  }
  const plan = { replicas, needed, forRamps, byExpert, price, scale: rampScale(ramps) * gain, gain };
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
