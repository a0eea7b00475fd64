import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import type { Learner } from '../memory/autoscaler-memory.ts';
import { seasonHistory } from '../forecast/season-memory.ts';
import type { LoadHistory } from '../forecast/forecaster.ts';
import type { MetricReading } from '../policy/decision.ts';
import { horizonOf, learnStartup, learnTick, seasonalForecasts } from './learn-tick.ts';
import { frameOf } from './objective-of.ts';
import { newKnowledge, readKnowledge, type ServiceKnowledge } from './service-knowledge.ts';

/** Learns a service for the modes with a latency objective, and keeps what it learned over a restart. */
export interface ServiceLearner extends Learner {
  /** Takes in one tick; what is unknown or stale teaches nothing. Answers what a decision needs of it. */
  observe(tick: {
    readonly nowMs: number;
    readonly metrics: readonly MetricReading[];
    readonly ready: number;
    /** Forecasts of others than our own, for the end of the horizon, in the unit of the rate. */
    readonly forecasts?: Readonly<Record<string, number>>;
  }): { readonly service: ServiceKnowledge; readonly forecasts: Readonly<Record<string, number>> };
  /** Takes in the past, oldest first, before the first tick; what is not finite is left out. */
  backfill(points: readonly { readonly timeMs: number; readonly value: number }[]): void;
  /** Takes in a completed step up. */
  started(startupMs: number): void;
  /** The load that is remembered, for a forecaster. */
  history(): LoadHistory | undefined;
  /** From a decision to the moment its replicas serve, and on to the next decision, in milliseconds. */
  horizonMs(): number;
}

/** Pause between two points of the past. */
export const BACKFILL_STEP_MS = 60_000;

/** `undefined` when the configuration has no latency objective. */
export function serviceLearner(config: AutoscalerConfig): ServiceLearner | undefined {
  const frame = frameOf(config);
  const { objective, staleAfterMs } = config;
  if (frame === undefined || objective === undefined) return undefined;
  let knowledge = newKnowledge(frame.objective.budget);
  const valueOf = (
    metrics: readonly MetricReading[],
    name: string | undefined,
    nowMs: number,
  ): number | undefined => {
    const reading = metrics.find((one) => one.name === name);
    if (reading?.state !== 'value' || !Number.isFinite(reading.value) || reading.partial !== undefined) {
      return undefined;
    }
    return Math.abs(nowMs - reading.timeMs) > staleAfterMs ? undefined : reading.value;
  };
  return {
    observe({ nowMs, metrics, ready, forecasts = {} }) {
      const rate = valueOf(metrics, objective.rate, nowMs);
      const latency = valueOf(metrics, objective.latency, nowMs);
      if (rate !== undefined) {
        const measured = latency === undefined ? {} : { meanLatencySeconds: latency };
        learnTick(knowledge, { nowMs, requestsPerSecond: rate, ready, ...measured, forecasts }, frame);
      }
      const own = frame.seasons ? seasonalForecasts(knowledge, nowMs, horizonOf(knowledge, frame)) : {};
      return { service: knowledge, forecasts: { ...own, ...forecasts } };
    },
    backfill(points) {
      for (const { timeMs, value } of points) {
        learnTick(
          knowledge,
          { nowMs: timeMs, requestsPerSecond: value },
          { ...frame, intervalMs: BACKFILL_STEP_MS },
        );
      }
    },
    started: (startupMs) => learnStartup(knowledge, startupMs),
    history: () => seasonHistory(knowledge.season),
    horizonMs: () => horizonOf(knowledge, frame),
    snapshot: () => knowledge,
    restore(written) {
      knowledge = readKnowledge(written) ?? knowledge;
    },
  };
}
