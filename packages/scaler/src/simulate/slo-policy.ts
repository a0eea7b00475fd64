import type { AutoscalerConfig, AutoscalerMode, MetricRule } from '../config/autoscaler-config.ts';
import { decide } from '../policy/decide.ts';
import { horizonOf, learnStartup, learnTick, seasonalForecasts } from '../slo/learn-tick.ts';
import { frameOf } from '../slo/objective-of.ts';
import { newKnowledge } from '../slo/service-knowledge.ts';
import type { PolicyFactory } from './baseline-policies.ts';

/** Of our own metrics, read in process: the mean of 15 s, 5 s ago. */
const WINDOW_SECONDS = 15;
const AGE_SECONDS = 5;
const INTERVAL_MS = 15_000;
/** The threshold that a file would have; it decides only until the capacity is learned, in the first minutes. */
const THRESHOLD_SHARE = 0.8;

/** What may differ from what ships. */
export interface ObjectivePolicyOptions {
  readonly forecast?: 'season' | 'none';
  /** Share of requests that may be late; absent: the mode's own. */
  readonly lateRatio?: number;
  /** Forecasts of others for a time, by name, in requests per second; made of nothing but the past before `nowMs`. */
  readonly expected?: (nowMs: number, thenMs: number) => Readonly<Record<string, number>>;
}

/**
 * The policy that ships, as it ships: the same learning and the same `decide` as in the controller, told no more
 * than the rate, the mean latency and its own replicas. It measures the start-up from its own first step up.
 */
export function objectivePolicy(
  mode: Exclude<AutoscalerMode, 'threshold'>,
  { forecast = 'season', lateRatio, expected }: ObjectivePolicyOptions = {},
): PolicyFactory {
  return ({ replicaRps, latencySeconds, minReplicas, maxReplicas, startupSeconds }) => {
    const metrics: readonly MetricRule[] = [
      { name: 'qps', query: 'qps', up: THRESHOLD_SHARE * replicaRps, down: 0, per: 'replica' },
    ];
    const config: AutoscalerConfig = {
      source: 'simulation',
      mode,
      metrics,
      minReplicas,
      maxReplicas,
      cooldownMs: { up: 0, down: 300_000 },
      upStep: 2,
      downStep: 1,
      intervalMs: INTERVAL_MS,
      staleAfterMs: 60_000,
      timeWindows: [],
      warnings: [],
      objective: {
        maxLatencyMs: latencySeconds * 1000,
        rate: 'qps',
        startupMs: startupSeconds * 1000,
        forecast,
        ...(lateRatio === undefined ? {} : { lateRatio }),
      },
    };
    const frame = frameOf(config);
    if (frame === undefined) throw new Error('simulate: a mode without an objective');
    const service = newKnowledge(frame.objective.budget);
    learnStartup(service, startupSeconds * 1000);
    return {
      intervalSeconds: INTERVAL_MS / 1000,
      decide({ timeSeconds, desired, ready, starting, metrics: past }) {
        const nowMs = timeSeconds * 1000;
        const rate = past.rate(WINDOW_SECONDS, AGE_SECONDS);
        if (Number.isNaN(rate)) return desired;
        const meanLatencySeconds = past.inFlight(WINDOW_SECONDS, AGE_SECONDS) / rate;
        const others = expected?.(nowMs, nowMs + horizonOf(service, frame)) ?? {};
        const sample = { nowMs, requestsPerSecond: rate, meanLatencySeconds, ready, forecasts: others };
        learnTick(service, sample, frame);
        const own = forecast === 'season' ? seasonalForecasts(service, nowMs, horizonOf(service, frame)) : {};
        const forecasts = { ...own, ...others };
        const replicas = { desired, ready, starting, draining: 0 };
        const reading = { name: 'qps', state: 'value', value: rate, timeMs: nowMs } as const;
        return decide({ nowMs, metrics: [reading], replicas, service, forecasts }, config).to;
      },
    };
  };
}
