import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import type { LearningFrame } from './learn-tick.ts';
import { costBudget, sloBudget, type SloObjective } from './slo-objective.ts';

/** What a configuration is to keep, and what of it may be missed; `undefined` when the thresholds decide. */
export function objectiveOf({ mode, objective }: AutoscalerConfig): SloObjective | undefined {
  if (objective === undefined || mode === 'threshold') return undefined;
  const { maxLatencyMs, lateRatio, startupMs } = objective;
  return { maxLatencyMs, budget: mode === 'slo' ? sloBudget(lateRatio) : costBudget(lateRatio, startupMs) };
}

const BEYOND_MAXIMUM = 1.5;

/** What the learning for a configuration is for; `undefined` when the thresholds decide. */
export function frameOf(config: AutoscalerConfig): LearningFrame | undefined {
  const objective = objectiveOf(config);
  if (objective === undefined || config.objective === undefined) return undefined;
  const { rate, replicaRps, startupMs, forecast } = config.objective;
  const ratedRps = config.metrics.find(({ name }) => name === rate)?.up;
  const windows = config.timeWindows.map(({ maxReplicas = 0 }) => maxReplicas);
  return {
    objective,
    // Beyond the maximum, so that a shortfall is known by its size.
    maxReplicas: Math.ceil(Math.max(config.maxReplicas, ...windows) * BEYOND_MAXIMUM),
    intervalMs: config.intervalMs,
    startupMs,
    seasons: forecast === 'season',
    ...(replicaRps === undefined ? {} : { replicaRps }),
    ...(ratedRps === undefined ? {} : { ratedRps }),
  };
}
