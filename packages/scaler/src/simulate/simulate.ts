import { nearestName } from '@tidewatch/core';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { loadLevels, replicasForLoad } from '../capacity/replicas-for-load.ts';
import { oraclePlan } from './oracle.ts';
import { policyNames, reactingPolicies, type PolicyName } from './policy-names.ts';
import { STEP_SECONDS } from './queue-model.ts';
import { readTrace, type Trace } from './read-trace.ts';
import { runPlan, runPolicy, type RunOutcome } from './run-policy.ts';
import { outOfRange, P99, peakMinute, runStrictOracle, simulatedWorld } from './simulated-world.ts';
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
  /** Static peak that a trace is scaled to when `replicaRps` is not given. @defaultValue the maximum of `config`, or 20 */
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
  /** Times the hours of the oracle that keeps P99.9 in every step, or P99 where no replicas keep P99.9. */
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
  const { startupSeconds = 60, config, onProgress } = options;
  const trace =
    typeof options.trace === 'string' ? readTrace(options.trace, options.name ?? 'trace') : options.trace;
  const names = chosen(options.policies ?? 'all', config !== undefined);
  const world = simulatedWorld({ ...options, trace });
  const { replicaRps, latencySeconds } = world;
  const levels = loadLevels(world.maxReplicas, { replicaRps, latencySeconds, lateRatio: P99 });
  const strictOutcome = runStrictOracle(world);
  const seconds = world.load.length * STEP_SECONDS;
  const peak = Math.min(
    world.maxReplicas,
    Math.max(world.minReplicas, replicasForLoad(levels, peakMinute(world.load))),
  );

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

function chosen(policies: 'all' | readonly PolicyName[], isConfigured: boolean): readonly PolicyName[] {
  const known: readonly PolicyName[] = isConfigured ? [...policyNames, 'threshold'] : policyNames;
  if (policies === 'all') return known;
  for (const name of policies) {
    if (known.includes(name)) continue;
    if (name === 'threshold') throw outOfRange('policies', 'threshold needs a configuration', 'give one');
    const nearest = nearestName(name, known);
    const remedy = nearest === undefined ? `one of: ${known.join(', ')}` : `did you mean "${nearest}"?`;
    throw outOfRange('policies', `no policy is called "${name}"`, remedy);
  }
  return policies;
}
