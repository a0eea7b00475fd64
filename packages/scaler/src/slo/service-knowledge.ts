import type { LearnedCapacity } from '../capacity/learn-capacity.ts';
import { initialPrice, type LateBudget, type LatePrice } from './late-price.ts';
import { unseenRamps, type RampDistribution } from './ramp-distribution.ts';
import { emptySeason, type SeasonMemory } from '../forecast/season-memory.ts';

/** A forecast that waits for the time it is about. */
export interface PendingForecast {
  readonly dueMs: number;
  readonly logForecast: number;
  /** Size of an ordinary move when it was made. */
  readonly scale: number;
  /** By how much more a load of that level moves than the mean load does. */
  readonly gain: number;
  /** Replicas that it led to. */
  readonly replicas: number;
}

/** What levels are computed for. */
export interface LevelsFor {
  readonly serviceSeconds: number;
  readonly slots: number;
  readonly maxLatencyMs: number;
  readonly maxReplicas: number;
}

/** One source of forecasts, with how it did. */
export interface ForecastExpert {
  readonly ramps: RampDistribution;
  pending: PendingForecast[];
  /** Decayed mean of what following it as a floor would have cost, in replicas; shortages at their price. */
  cost: number;
  /** Decayed mean of what going without it would have cost, over the same times. */
  costWithout: number;
  /** Seconds scored, up to a number from which it no longer matters. */
  scoredSeconds: number;
}

/** A running mean of the load, as the expert that expects the load to go back to it. */
interface MeanExpert extends ForecastExpert {
  /** Its window, in seconds. */
  readonly seconds: number;
  /** In requests per second; -1: nothing seen yet. */
  rate: number;
}

/** Windows of the running means, in seconds: noise of counting, and of minutes. */
const MEAN_SECONDS = [120, 480] as const;

/**
 * Everything that the `slo` policy has learned of a service: its capacity, its ramps, what lateness has cost,
 * its days. Plain data, changed by `learnTick` alone, kept by the state store over a restart.
 */
export interface ServiceKnowledge {
  readonly version: 2;
  capacity?: LearnedCapacity;
  /** Logarithms of the loads that 0, 1, 2 … replicas serve within the objective. */
  logLevels: number[];
  /** What the levels were computed for. Absent: not yet. */
  levelsFor?: LevelsFor;
  /** Mean load of about a day, in requests per second. Absent: nothing seen yet. */
  meanRate?: number;
  /** Seconds of load behind the mean, up to a day. */
  meanSeconds: number;
  /** Time from a decision to a serving replica, in milliseconds: the greatest of the last starts, decayed. */
  startupMs?: number;
  readonly ramps: RampDistribution;
  pending: PendingForecast[];
  price: LatePrice;
  /** Replicas wanted lately, oldest first: what was needed a moment ago is not yet surplus. */
  wanted: { readonly atMs: number; readonly replicas: number }[];
  lastLearnedMs?: number;
  readonly season: SeasonMemory;
  readonly experts: Record<string, ForecastExpert>;
  /** Shortest first; one takes the place of the last rate while counting from it has been cheaper. */
  readonly means: MeanExpert[];
}

/** Of a service that was never seen. */
export function newKnowledge(budget: LateBudget): ServiceKnowledge {
  return {
    version: 2,
    logLevels: [],
    meanSeconds: 0,
    ramps: unseenRamps(),
    pending: [],
    price: initialPrice(budget),
    wanted: [],
    season: emptySeason(),
    experts: {},
    means: MEAN_SECONDS.map((seconds) => ({ ...newExpert(), seconds, rate: -1 })),
  };
}

/** Of an expert that has not been asked yet. */
export function newExpert(): ForecastExpert {
  return { ramps: unseenRamps(), pending: [], cost: 0, costWithout: 0, scoredSeconds: 0 };
}

/** What an earlier process wrote, or `undefined` when it is not that. */
export function readKnowledge(written: unknown): ServiceKnowledge | undefined {
  const known = written as Partial<ServiceKnowledge> | null | undefined;
  const isWhole =
    known?.version === 2 &&
    Array.isArray(known.logLevels) &&
    Array.isArray(known.pending) &&
    Array.isArray(known.wanted) &&
    isRamps(known.ramps) &&
    Number.isFinite(known.price?.requests) &&
    Number.isFinite(known.price?.minutes) &&
    Array.isArray(known.season?.rates) &&
    known.means?.length === MEAN_SECONDS.length &&
    known.means.every((mean) => isRamps(mean?.ramps) && Number.isFinite(mean.rate)) &&
    Object.values(known.experts ?? { missing: undefined }).every((expert) => isRamps(expert?.ramps));
  return isWhole ? (known as ServiceKnowledge) : undefined;
}

function isRamps(ramps: Partial<RampDistribution> | undefined): boolean {
  const { counts, variances, total } = ramps ?? {};
  return (
    counts?.length === 160 &&
    variances?.length === 3 &&
    [...counts, ...variances, total].every((value) => Number.isFinite(value))
  );
}
