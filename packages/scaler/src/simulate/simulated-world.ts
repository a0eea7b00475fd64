import { ConfigError } from '@tidewatch/core';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { loadLevels, loadOfReplicas, replicasForLoad } from '../capacity/replicas-for-load.ts';
import { sojournTail } from '../capacity/sojourn-tail.ts';
import { offeredLoad } from './offered-load.ts';
import { oraclePlan } from './oracle.ts';
import { STEP_SECONDS } from './queue-model.ts';
import type { Trace } from './read-trace.ts';
import { runPlan, type RunOutcome, type SimulatedWorld } from './run-policy.ts';

const DEFAULT_REPLICA_RPS = 20;
/** The share of late requests that the static peak and the oracle allow in any step. */
export const P99 = 0.01;
const P999 = 0.001;
/** Where one idle replica misses P99.9, the strict oracle allows this much more than the idle one is late. */
const IDLE_MARGIN = 1.5;
/** Room above the static peak that a policy may use by mistake, so that overshooting costs something. */
const HEADROOM = 1.5;
const STEPS_PER_MINUTE = 60 / STEP_SECONDS;

/** What a world is made of; see `SimulateOptions`. */
export interface WorldOptions {
  readonly trace: Trace;
  readonly config?: AutoscalerConfig;
  readonly replicaRps?: number;
  readonly startupSeconds?: number;
  readonly sloMs?: number;
  readonly peakReplicas?: number;
}

/**
 * The load, the replicas and the bounds of a simulation.
 *
 * @throws {@link ConfigError} for an option out of range, or replicas that cannot keep the latency.
 */
export function simulatedWorld(options: WorldOptions): SimulatedWorld {
  const { trace, replicaRps, config, startupSeconds = 60, sloMs = 500 } = options;
  const { peakReplicas = config?.maxReplicas ?? 20 } = options;
  checkPositive({ sloMs, peakReplicas, replicaRps: replicaRps ?? 1 });
  if (!(startupSeconds >= 0) || !Number.isFinite(startupSeconds)) {
    throw outOfRange('startupSeconds', `expected seconds from 0, got ${startupSeconds}`);
  }
  const latencySeconds = sloMs / 1000;
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
  throw outOfRange(
    'replicaRps',
    `the trace needs more than ${MOST_REPLICAS} replicas`,
    'give faster replicas',
  );
}

/** Greatest mean of a minute, in requests per second. */
export function peakMinute(load: Float64Array): number {
  let greatest = 0;
  for (let from = 0; from < load.length; from += STEPS_PER_MINUTE) {
    const to = Math.min(load.length, from + STEPS_PER_MINUTE);
    let sum = 0;
    for (let step = from; step < to; step++) sum += load[step] ?? 0;
    greatest = Math.max(greatest, sum / (to - from));
  }
  return greatest;
}

/** The outcome of the oracle that keeps P99.9 in every step, or P99 where even an idle replica misses P99.9. */
export function runStrictOracle(world: SimulatedWorld): RunOutcome {
  const { load, replicaRps, latencySeconds, startupSeconds, minReplicas, maxReplicas } = world;
  const idleTail = sojournTail(1, 0, latencySeconds * replicaRps);
  const lateRatio = Math.min(P99, Math.max(P999, idleTail * IDLE_MARGIN));
  const levels = loadLevels(maxReplicas, { replicaRps, latencySeconds, lateRatio });
  const { ready, paid } = oraclePlan(load, levels, startupSeconds, minReplicas);
  return runPlan(world, ready, paid);
}

function checkPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!(value > 0) || !Number.isFinite(value)) {
      throw outOfRange(name, `expected a number above 0, got ${value}`);
    }
  }
}

export function outOfRange(path: string, problem: string, remedy?: string): ConfigError {
  const issue = { code: 'out-of-range', path, problem } as const;
  return new ConfigError('simulate', [remedy === undefined ? issue : { ...issue, remedy }]);
}
