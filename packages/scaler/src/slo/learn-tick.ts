import { learnCapacity } from '../capacity/learn-capacity.ts';
import { loadLevels } from '../capacity/replicas-for-load.ts';
import { meanSojourn, sojournTail } from '../capacity/sojourn-tail.ts';
import { rememberLoad, seasonalLoad } from '../forecast/season-memory.ts';
import { movePrice } from './late-price.ts';
import { logLoad, planReplicas, pricesNow, type ReplicaPlan } from './plan-replicas.ts';
import { addRamp, rampScale, type RampDistribution, type Shortage } from './ramp-distribution.ts';
import {
  newExpert,
  type ForecastExpert,
  type LevelsFor,
  type PendingForecast,
  type ServiceKnowledge,
} from './service-knowledge.ts';
import { costOfShortage, LEVEL_LATE_RATIO, shortagesOf } from './shortages.ts';
import type { SloObjective } from './slo-objective.ts';

/** One look at the service. */
export interface ServiceSample {
  readonly nowMs: number;
  /** Arrivals per second of all replicas together. */
  readonly requestsPerSecond: number;
  /** Mean latency of completed requests, waiting included. Absent: not measured; the capacity stays as known. */
  readonly meanLatencySeconds?: number;
  /** Absent: long ago, and not known; lateness and capacity teach nothing then. */
  readonly ready?: number;
  /** Forecasts for the end of the horizon, by name, in requests per second. */
  readonly forecasts?: Readonly<Record<string, number>>;
}

/** What the learning is for. */
export interface LearningFrame {
  readonly objective: SloObjective;
  readonly maxReplicas: number;
  /** Pause between two ticks. */
  readonly intervalMs: number;
  /** Taken for the start-up until one was measured. */
  readonly startupMs: number;
  /** Known capacity of a replica, in requests per second; absent: learned from the latency. */
  readonly replicaRps?: number;
  /** What a replica is said to carry; counted on while nothing better is known. */
  readonly ratedRps?: number;
  /** Whether seasonal experts are asked. */
  readonly seasons: boolean;
}

const DAY_SECONDS = 86_400;
/** A pause longer than this many ticks is an outage of the metrics; nothing is learned across it. */
const LARGEST_GAP = 4;
/** A restart costs what a replica costs while it starts; what was needed within this time is kept. */
export const KEEP_MS = 180_000;
/** What is wanted is remembered for so long, to tell a need that comes and goes. */
const REMEMBER_MS = 1_800_000;
/** Memory of an expert's score. */
const SCORE_SECONDS = DAY_SECONDS;

/**
 * Takes in one look at the service: resolves the forecasts that are due, moves the prices, and notes what is
 * wanted now. The only function that changes knowledge. Looks at the past alone.
 */
export function learnTick(knowledge: ServiceKnowledge, sample: ServiceSample, frame: LearningFrame): void {
  const { nowMs, requestsPerSecond, ready } = sample;
  if (!Number.isFinite(requestsPerSecond) || requestsPerSecond < 0) return;
  const { lastLearnedMs = nowMs - frame.intervalMs } = knowledge;
  const elapsedMs = nowMs - lastLearnedMs;
  // A clock that was set back: what is pending belongs to another time.
  if (elapsedMs < 0 || elapsedMs > LARGEST_GAP * frame.intervalMs) forgetPending(knowledge);
  knowledge.lastLearnedMs = nowMs;
  if (elapsedMs === 0) return;
  const elapsedSeconds = Math.min(Math.abs(elapsedMs), LARGEST_GAP * frame.intervalMs) / 1000;

  learnLevels(knowledge, sample, frame);
  const meanRate = learnMean(knowledge, requestsPerSecond, elapsedSeconds);
  learnMeans(knowledge, requestsPerSecond, elapsedSeconds);
  if (knowledge.logLevels.length < 2) return;
  if (ready !== undefined) {
    const late = lateShare(knowledge, { ...sample, ready }, frame.objective.maxLatencyMs / 1000);
    const weight = meanRate > 0 ? requestsPerSecond / meanRate : 1;
    movePrice(knowledge.price, frame.objective.budget, { late, weight, nowMs, elapsedSeconds });
  }

  const logNow = logLoad(requestsPerSecond, meanRate);
  const came = { nowMs, logNow, elapsedSeconds };
  const alone = resolve(knowledge.ramps, knowledge, came);
  const horizonMs = horizonOf(knowledge, frame);
  rememberLoad(knowledge.season, nowMs, requestsPerSecond);
  const forecasts = {
    ...(frame.seasons ? seasonalForecasts(knowledge, nowMs, horizonMs) : {}),
    ...sample.forecasts,
  };
  for (const name of Object.keys(forecasts)) knowledge.experts[name] ??= newExpert();
  const plan = planReplicas(knowledge, {
    nowMs,
    requestsPerSecond,
    budget: frame.objective.budget,
    forecasts,
  });
  const prices = pricesNow(knowledge, requestsPerSecond, frame.objective.budget);
  const judged = { ...came, alone, shortages: shortagesOf(knowledge, prices) };
  for (const [index, mean] of knowledge.means.entries()) {
    judge(mean, judged);
    if (plan === undefined) continue;
    issue(mean, mean.ramps, logLoad(mean.rate, meanRate), plan.gain, {
      dueMs: nowMs + horizonMs,
      replicas: plan.fromMeans[index] ?? 0,
    });
  }
  for (const [name, expert] of Object.entries(knowledge.experts)) {
    judge(expert, judged);
    const forecast = forecasts[name];
    if (plan === undefined || forecast === undefined || !(forecast > 0)) continue;
    const asked = Math.max(plan.forRamps, plan.byExpert[name] ?? 0);
    issue(expert, expert.ramps, logLoad(forecast, meanRate), plan.gain, {
      dueMs: nowMs + horizonMs,
      replicas: asked,
    });
  }
  if (plan !== undefined) note(knowledge, plan, logNow, nowMs, horizonMs);
}

/** From a decision to the moment its replicas serve, and on to the next decision. */
export function horizonOf({ startupMs }: ServiceKnowledge, frame: LearningFrame): number {
  return (startupMs ?? frame.startupMs) + frame.intervalMs;
}

/** Forecasts of our own: the load that yesterday, or the same day of last week, had at the end of the horizon. */
export function seasonalForecasts(
  { season }: ServiceKnowledge,
  nowMs: number,
  horizonMs: number,
): Record<string, number> {
  const day = seasonalLoad(season, nowMs, nowMs + horizonMs, 1);
  const week = seasonalLoad(season, nowMs, nowMs + horizonMs, 7);
  return { ...(day === undefined ? {} : { day }), ...(week === undefined ? {} : { week }) };
}

/** Takes in how long a start took. A slow one is remembered at once, and forgotten over the next ones. */
export function learnStartup(knowledge: ServiceKnowledge, startupMs: number): void {
  if (!(startupMs > 0) || !Number.isFinite(startupMs)) return;
  const known = knowledge.startupMs ?? startupMs;
  knowledge.startupMs = startupMs >= known ? startupMs : known + (startupMs - known) * 0.2;
}

function learnLevels(knowledge: ServiceKnowledge, sample: ServiceSample, frame: LearningFrame): void {
  const { requestsPerSecond, meanLatencySeconds = Number.NaN, ready = 0 } = sample;
  const known =
    frame.replicaRps === undefined
      ? learnCapacity(knowledge.capacity, { requestsPerSecond, meanLatencySeconds, ready })
      : { serviceSeconds: 1 / frame.replicaRps, slots: 1, seen: 1, tooFast: 0 };
  if (known === undefined) {
    const { ratedRps, maxReplicas } = frame;
    if (ratedRps === undefined) return;
    const wanted = { serviceSeconds: 1 / ratedRps, slots: 1, maxLatencyMs: Infinity, maxReplicas };
    if (isNear(knowledge.levelsFor, wanted)) return;
    knowledge.levelsFor = wanted;
    knowledge.logLevels = Array.from({ length: maxReplicas + 1 }, (_, n) =>
      Math.log(Math.max(n * ratedRps, 1e-9)),
    );
    return;
  }
  knowledge.capacity = known;
  const { serviceSeconds, slots } = known;
  const { maxLatencyMs } = frame.objective;
  const { maxReplicas } = frame;
  const wanted = { serviceSeconds, slots, maxLatencyMs, maxReplicas };
  if (isNear(knowledge.levelsFor, wanted)) return;
  const servers = Math.ceil(frame.maxReplicas * slots);
  const levels = loadLevels(servers, {
    replicaRps: 1 / serviceSeconds,
    latencySeconds: maxLatencyMs / 1000,
    lateRatio: LEVEL_LATE_RATIO,
  });
  const ofReplicas = Array.from(
    { length: frame.maxReplicas + 1 },
    (_, n) => levels[Math.floor(n * slots)] ?? 0,
  );
  knowledge.levelsFor = wanted;
  // Even an idle replica is too slow: no number of them keeps the objective.
  const isReachable = (ofReplicas.at(-1) ?? 0) > 0;
  knowledge.logLevels = isReachable ? ofReplicas.map((load) => Math.log(Math.max(load, 1e-9))) : [];
}

/** A level that is a percent off is not worth computing all of them anew. */
function isNear(known: LevelsFor | undefined, wanted: LevelsFor): boolean {
  if (known === undefined) return false;
  if (known.maxReplicas !== wanted.maxReplicas || known.maxLatencyMs !== wanted.maxLatencyMs) return false;
  const near = (one: number, other: number): boolean => Math.abs(one - other) <= 0.01 * other;
  return near(known.serviceSeconds, wanted.serviceSeconds) && near(known.slots, wanted.slots);
}

function learnMean(knowledge: ServiceKnowledge, rate: number, elapsedSeconds: number): number {
  knowledge.meanSeconds = Math.min(DAY_SECONDS, knowledge.meanSeconds + elapsedSeconds);
  const before = knowledge.meanRate ?? rate;
  knowledge.meanRate = before + (elapsedSeconds / knowledge.meanSeconds) * (rate - before);
  return knowledge.meanRate;
}

function learnMeans({ means }: ServiceKnowledge, rate: number, elapsedSeconds: number): void {
  for (const mean of means) {
    const keep = mean.rate < 0 ? 0 : Math.exp(-elapsedSeconds / mean.seconds);
    mean.rate = rate + (mean.rate - rate) * keep;
  }
}

/**
 * Share of the requests that are late now: that of a queue in balance, shifted by what the measured latency is above
 * it. A backlog makes requests late long after the load has fallen again.
 */
function lateShare(
  { capacity, logLevels }: ServiceKnowledge,
  { requestsPerSecond, meanLatencySeconds, ready }: ServiceSample & { readonly ready: number },
  latencySeconds: number,
): number {
  if (ready < 1) return 1;
  if (capacity === undefined) {
    const level = logLevels[Math.min(ready, logLevels.length - 1)] ?? Infinity;
    return Math.log(Math.max(requestsPerSecond, 1e-9)) > level ? 1 : 0;
  }
  const { serviceSeconds, slots } = capacity;
  const servers = Math.max(1, Math.floor(ready * slots));
  const offered = requestsPerSecond * serviceSeconds;
  if (offered >= servers) return 1;
  const balanced = serviceSeconds * meanSojourn(servers, offered);
  // Of no requests there is no mean latency.
  const measured = Number.isFinite(meanLatencySeconds) ? (meanLatencySeconds ?? balanced) : balanced;
  const queued = Math.max(0, measured - balanced);
  return sojournTail(servers, offered, (latencySeconds - queued) / serviceSeconds);
}

function forgetPending(knowledge: ServiceKnowledge): void {
  knowledge.pending = [];
  for (const expert of Object.values(knowledge.experts)) expert.pending = [];
  for (const mean of knowledge.means) mean.pending = [];
}

interface Came {
  readonly nowMs: number;
  readonly logNow: number;
  readonly elapsedSeconds: number;
}

/** Compares the forecasts that are due with what came; answers the newest of them. */
function resolve(
  ramps: RampDistribution,
  holder: { pending: PendingForecast[] },
  { nowMs, logNow, elapsedSeconds }: Came,
): PendingForecast | undefined {
  const { pending } = holder;
  let count = 0;
  while ((pending[count]?.dueMs ?? Infinity) <= nowMs) count++;
  if (count === 0) return undefined;
  const due = pending.splice(0, count);
  for (const { logForecast, scale, gain } of due) {
    addRamp(ramps, (logNow - logForecast) / gain, scale / gain, elapsedSeconds / due.length);
  }
  return due.at(-1);
}

function issue(
  holder: { pending: PendingForecast[] },
  ramps: RampDistribution,
  logForecast: number,
  gain: number,
  { dueMs, replicas }: { readonly dueMs: number; readonly replicas: number },
): void {
  holder.pending.push({ dueMs, logForecast, scale: rampScale(ramps) * gain, gain, replicas });
}

function note(
  knowledge: ServiceKnowledge,
  plan: ReplicaPlan,
  logNow: number,
  nowMs: number,
  horizonMs: number,
): void {
  issue(knowledge, knowledge.ramps, logNow, plan.gain, { dueMs: nowMs + horizonMs, replicas: plan.fromLast });
  const { wanted } = knowledge;
  while ((wanted[0]?.atMs ?? Infinity) <= nowMs - REMEMBER_MS) wanted.shift();
  while ((wanted.at(-1)?.atMs ?? -Infinity) >= nowMs) wanted.pop();
  wanted.push({ atMs: nowMs, replicas: plan.replicas });
}

interface Judged extends Came {
  /** The forecast that there would be no change, made at the same time. */
  readonly alone: PendingForecast | undefined;
  readonly shortages: readonly Shortage[];
}

/** What each would have cost: its replicas, and what the load that came costs with so many. */
function judge(expert: ForecastExpert, { alone, shortages, ...came }: Judged): void {
  const followed = resolve(expert.ramps, expert, came);
  if (followed === undefined || alone === undefined) return;
  const { elapsedSeconds, logNow } = came;
  const costOf = (replicas: number): number => replicas + costOfShortage(shortages, replicas, logNow);
  expert.scoredSeconds = Math.min(SCORE_SECONDS, expert.scoredSeconds + elapsedSeconds);
  const weight = elapsedSeconds / expert.scoredSeconds;
  expert.cost += weight * (costOf(followed.replicas) - expert.cost);
  expert.costWithout += weight * (costOf(alone.replicas) - expert.costWithout);
}
