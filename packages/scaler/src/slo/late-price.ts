/** The budget of lateness: how much of it a policy means to spend. */
export interface LateBudget {
  /** Share of requests that may be late. */
  readonly lateRatio: number;
  /** Share of minutes whose P99 may be above the objective; `undefined`: only requests count. */
  readonly minutesLateRatio?: number;
  /** Price of a service that was never seen, relative to the standard: of its ramps little is known yet. */
  readonly startPrice: number;
}

/** What a shortage is priced at, relative to the policy's standard price. Plain data. */
export interface LatePrice {
  /** Natural logarithm of the price of late requests. */
  requests: number;
  /** Natural logarithm of the price of a late minute. */
  minutes: number;
  /** The minute that is being judged, as minutes since the Unix epoch, and whether it was late already. */
  minute: number;
  isLate: boolean;
}

/** While all requests are late, in replicas per replica of the present fleet. */
const REQUESTS_PRICE = 120;
/** While the P99 is above the objective, in replicas per replica of the usual fleet. */
const MINUTES_PRICE = 30;
/** Prices change by this much a day, as a logarithm, while nothing is late. */
const FALL_PER_DAY = 0.5;
const LARGEST_RISE = 1;
/** What this price cannot prevent, no price can: bursts that nothing announces. */
const [LOWEST, HIGHEST] = [Math.log(0.001), Math.log(1.2)];
const DAY_SECONDS = 86_400;

export function initialPrice({ startPrice }: LateBudget): LatePrice {
  return { requests: Math.log(startPrice), minutes: Math.log(startPrice), minute: -1, isLate: false };
}

/**
 * Moves the prices towards the budget: down while less is late than it allows, up when more is.
 *
 * Dual ascent on the two constraints: in the long run each price settles where its share of the budget is
 * spent, or at its lowest.
 *
 * @param late - Share of the requests since the last call that were late.
 * @param weight - Their rate, relative to the mean rate.
 */
export function movePrice(
  price: LatePrice,
  budget: LateBudget,
  { late, weight, nowMs, elapsedSeconds }: LatenessSample,
): void {
  if (!Number.isFinite(late) || !Number.isFinite(weight)) return;
  const step = (FALL_PER_DAY * elapsedSeconds) / DAY_SECONDS;
  price.requests = moved(price.requests, step * ((late * weight) / budget.lateRatio - 1));
  if (budget.minutesLateRatio === undefined) return;
  const minute = Math.floor(nowMs / 60_000);
  const isNewMinute = minute !== price.minute;
  if (isNewMinute) [price.minute, price.isLate] = [minute, false];
  // A minute is late once, whichever of its seconds made it so.
  const spends = late > 0.01 && !price.isLate;
  if (spends) price.isLate = true;
  const spent = spends ? 60 / elapsedSeconds / budget.minutesLateRatio : 0;
  price.minutes = moved(price.minutes, step * (spent - 1));
}

/** What {@link movePrice} is told. */
export interface LatenessSample {
  readonly late: number;
  readonly weight: number;
  readonly nowMs: number;
  readonly elapsedSeconds: number;
}

function moved(price: number, by: number): number {
  return Math.min(HIGHEST, Math.max(LOWEST, price + Math.min(LARGEST_RISE, by)));
}

/** What it costs, in replicas, while all requests are late, and while the minute is. */
export interface ShortagePrice {
  readonly requests: number;
  readonly minutes: number;
}

/** The price of lateness in replicas: late requests weigh by the present load, late minutes by the usual fleet. */
export function priceInReplicas(
  price: LatePrice,
  budget: LateBudget,
  fleet: { readonly now: number; readonly usual: number },
): ShortagePrice {
  const hasMinutes = budget.minutesLateRatio !== undefined;
  return {
    requests: REQUESTS_PRICE * fleet.now * Math.exp(price.requests),
    minutes: hasMinutes ? MINUTES_PRICE * fleet.usual * Math.exp(price.minutes) : 0,
  };
}
