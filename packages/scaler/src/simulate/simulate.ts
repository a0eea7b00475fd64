import { ConfigError, nearestName } from '@tidewatch/core';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { loadLevels, loadOfReplicas, replicasForLoad } from '../capacity/replicas-for-load.ts';
import { offeredLoad } from './offered-load.ts';
import { oraclePlan } from './oracle.ts';
import { policyNames, reactingPolicies, type PolicyName } from './policy-names.ts';
import { STEP_SECONDS } from './queue-model.ts';
import { readTrace, type Trace } from './read-trace.ts';
import { runPlan, runPolicy, type RunOutcome, type SimulatedWorld } from './run-policy.ts';
import { thresholdPolicy } from './threshold-policy.ts';

export interface SimulateOptions {
  /** Recorded traffic: a trace, or the text of one, lines of `timestamp_s,requests`. */
  readonly trace: Trace | string;
  /** Name of the trace in the report. @defaultValue the trace's own, or `trace` */
  readonly name?: string;
  /** Thresholds and bounds of this configuration join as `threshold`; its bounds hold for every policy. */
  readonly config?: AutoscalerConfig;
  /**
   * Requests per second of one busy replica. Without it a replica serves 20, and the trace is scaled so that
   * its peak minute needs `peakReplicas`.
   */
  readonly replicaRps?: number;
  /** Seconds from a decision to a serving replica, paid for from the decision. @defaultValue 60 */
  readonly startupSeconds?: number;
  /** A request that takes longer is late, in milliseconds. @defaultValue 500 */
  readonly sloMs?: number;
  /** `all`, or some of the names. @defaultValue 'all' */
  readonly policies?: 'all' | readonly PolicyName[];
  /** Static peak that a trace is scaled to when `replicaRps` is not given. @defaultValue 20 */
  readonly peakReplicas?: number;
  /** Hears the name of each policy before it runs. */
  readonly onProgress?: (policy: PolicyName) => void;
}

/** How one policy did. The figures belong together: savings without lateness say nothing. */
export interface PolicyOutcome {
  readonly policy: PolicyName;
  /** Replica-hours paid for, starting replicas included. */
  readonly gpuHours: number;
  /** Share of the hours that the static peak costs. */
  readonly vsStatic: number;
  /** Times the hours of the oracle that keeps P99.9 in every step. */
  readonly vsOracle: number;
  /** Share of the requests that took longer than the objective, or were turned away. */
  readonly lateRatio: number;
  /** Share of the minutes whose P99 was above the objective. */
  readonly minutesLateRatio: number;
  /** Times a day that the wanted replicas changed. */
  readonly changesPerDay: number;
}

export interface SimulationReport {
  readonly trace: string;
  readonly startupSeconds: number;
  readonly policies: readonly PolicyOutcome[];
}

const DEFAULT_REPLICA_RPS = 20;
/** The share of late requests that the static peak and the oracle allow in any step. */
const P99 = 0.01;
const P999 = 0.001;
/** Room above the static peak that a policy may use by mistake, so that overshooting costs something. */
const HEADROOM = 1.5;
const STEPS_PER_MINUTE = 60 / STEP_SECONDS;

/**
 * Runs policies over recorded traffic, beside the static peak and the clairvoyant oracle.
 *
 * See `QueueModel` for what a replica is in it. Every policy sees the past alone, through metrics as old as
 * its own are: HPA, KEDA, the article's rule and `threshold` a rate of 60 s that is 15 s old, Knative and Ray
 * what happened up to now, AWS minutes that are a minute old, ours 15 s that are 5 s old. Deterministic;
 * linear in the trace.
 *
 * @throws {@link ConfigError} for a trace that cannot be read, an option out of range, or an unknown policy.
 */
export function simulate(options: SimulateOptions): SimulationReport {
  const { startupSeconds = 60, sloMs = 500, peakReplicas = 20, config, onProgress } = options;
  checkPositive({ sloMs, peakReplicas, replicaRps: options.replicaRps ?? 1 });
  if (!(startupSeconds >= 0) || !Number.isFinite(startupSeconds)) {
    throw outOfRange('startupSeconds', `expected seconds from 0, got ${startupSeconds}`);
  }
  const trace =
    typeof options.trace === 'string' ? readTrace(options.trace, options.name ?? 'trace') : options.trace;
  const names = chosen(options.policies ?? 'all', config !== undefined);
  const world = worldOf(trace, options, { startupSeconds, latencySeconds: sloMs / 1000, peakReplicas });
  const objective = { replicaRps: world.replicaRps, latencySeconds: world.latencySeconds };
  const levels = loadLevels(world.maxReplicas, { ...objective, lateRatio: P99 });
  const strictLevels = loadLevels(world.maxReplicas, { ...objective, lateRatio: P999 });
  const strict = oraclePlan(world.load, strictLevels, startupSeconds, world.minReplicas);
  const strictOutcome = runPlan(world, strict.ready, strict.paid);
  const seconds = world.load.length * STEP_SECONDS;
  const peak = Math.min(world.maxReplicas, Math.max(world.minReplicas, replicasForLoad(levels, peakMinute(world.load))));

  const run = (name: PolicyName): RunOutcome => {
    onProgress?.(name);
    if (name === 'oracle-p99.9') return strictOutcome;
    if (name === 'oracle') {
      const plan = oraclePlan(world.load, levels, startupSeconds, world.minReplicas);
      return runPlan(world, plan.ready, plan.paid);
    }
    if (name === 'static-peak') {
      const plan = new Int32Array(world.load.length).fill(peak);
      return runPlan(world, plan, plan);
    }
    if (name === 'threshold') {
      if (config === undefined) throw outOfRange('policies', 'threshold needs a configuration');
      return runPolicy(world, thresholdPolicy(config)(world));
    }
    return runPolicy(world, reactingPolicies[name](world));
  };

  const policies = names.map((policy): PolicyOutcome => {
    const outcome = run(policy);
    return {
      policy,
      gpuHours: outcome.replicaSeconds / 3600,
      vsStatic: outcome.replicaSeconds / (peak * seconds),
      vsOracle: outcome.replicaSeconds / strictOutcome.replicaSeconds,
      lateRatio: outcome.requests > 0 ? outcome.lateRequests / outcome.requests : 0,
      minutesLateRatio: outcome.minutes > 0 ? outcome.badMinutes / outcome.minutes : 0,
      changesPerDay: outcome.changes / (seconds / 86_400),
    };
  });
  return { trace: options.name ?? trace.name, startupSeconds, policies };
}

function worldOf(
  trace: Trace,
  { replicaRps, config }: SimulateOptions,
  given: { readonly startupSeconds: number; readonly latencySeconds: number; readonly peakReplicas: number },
): SimulatedWorld {
  const { startupSeconds, latencySeconds, peakReplicas } = given;
  const load = offeredLoad(trace, replicaRps === undefined);
  if (load.length === 0) throw outOfRange('trace', 'the trace is shorter than a step of 5 s');
  const rps = replicaRps ?? DEFAULT_REPLICA_RPS;
  const objective = { replicaRps: rps, latencySeconds, lateRatio: P99 };
  if (loadOfReplicas(1, objective) <= 0) {
    const problem = `a replica of ${rps} requests per second takes longer than ${latencySeconds * 1000} ms for one request in a hundred even when it is idle`;
    throw outOfRange('sloMs', problem, 'give a longer latency or faster replicas');
  }
  const busiest = peakMinute(load);
  if (replicaRps === undefined && busiest > 0) {
    const scale = loadOfReplicas(peakReplicas, objective) / busiest;
    for (const [step, rate] of load.entries()) load[step] = rate * scale;
  }
  const minReplicas = config?.minReplicas ?? 1;
  const needed = replicaRps === undefined ? peakReplicas : replicasFor(busiest, objective);
  const maxReplicas = config?.maxReplicas ?? Math.max(minReplicas, Math.ceil(needed * HEADROOM));
  const levels = loadLevels(maxReplicas, objective);
  const first = Math.min(maxReplicas, Math.max(minReplicas, replicasForLoad(levels, load[0] ?? 0)));
  return {
    load,
    replicaRps: rps,
    latencySeconds,
    startupSeconds,
    minReplicas,
    maxReplicas,
    initialReplicas: first,
  };
}

const MOST_REPLICAS = 5000;

function replicasFor(load: number, objective: Parameters<typeof loadOfReplicas>[1]): number {
  const least = Math.max(1, Math.ceil(load / objective.replicaRps));
  for (let replicas = least; replicas <= MOST_REPLICAS; replicas++) {
    if (loadOfReplicas(replicas, objective) >= load * (1 - 1e-9)) return replicas;
  }
  throw outOfRange('replicaRps', `the trace needs more than ${MOST_REPLICAS} replicas`, 'give faster replicas');
}

/** Greatest mean of a minute, in requests per second. */
function peakMinute(load: Float64Array): number {
  let greatest = 0;
  for (let from = 0; from < load.length; from += STEPS_PER_MINUTE) {
    const to = Math.min(load.length, from + STEPS_PER_MINUTE);
    let sum = 0;
    for (let step = from; step < to; step++) sum += load[step] ?? 0;
    greatest = Math.max(greatest, sum / (to - from));
  }
  return greatest;
}

function chosen(policies: 'all' | readonly PolicyName[], isConfigured: boolean): readonly PolicyName[] {
  const known: readonly PolicyName[] = isConfigured ? [...policyNames, 'threshold'] : policyNames;
  if (policies === 'all') return known;
  for (const name of policies) {
    if (known.includes(name)) continue;
    if (name === 'threshold') throw outOfRange('policies', 'threshold needs a configuration', 'give one');
    const nearest = nearestName(name, known);
    const remedy = nearest === undefined ? `one of: ${known.join(', ')}` : `did you mean "${nearest}"?`;
    throw outOfRange('policies', `no policy is called "${String(name)}"`, remedy);
  }
  return policies;
}

function checkPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!(value > 0) || !Number.isFinite(value)) {
      throw outOfRange(name, `expected a number above 0, got ${value}`);
    }
  }
}

function outOfRange(path: string, problem: string, remedy?: string): ConfigError {
  const issue = { code: 'out-of-range', path, problem } as const;
  return new ConfigError('simulate', [remedy === undefined ? issue : { ...issue, remedy }]);
}
