import type { Logger } from '@tidewatch/core';
import {
  expectedLoad,
  type Forecaster,
  type LoadForecast,
  type LoadHistory,
} from '../forecast/forecaster.ts';
import type { ServiceLearner } from '../slo/service-learner.ts';

/** Keeps a forecast fresh beside the ticks. Never rejects, and no tick waits for it. */
export interface FollowedForecast {
  /** What is expected at the end of the horizon, by the forecaster's name; empty when nothing is. */
  at(nowMs: number, signal: AbortSignal): Readonly<Record<string, number>>;
}

/** A new forecast so often. */
const REFRESH_MS = 900_000;
/** How far a forecast reaches: beyond the horizon, for the time until the next one. */
const REACH_MS = 7_200_000;
/** What is expected is the greatest load of so long from the end of the horizon. */
const SPAN_MS = 300_000;

export function followForecast({
  forecaster,
  service,
  logger,
}: {
  readonly forecaster: Forecaster | undefined;
  readonly service: ServiceLearner | undefined;
  readonly logger: Logger;
}): FollowedForecast {
  let current: LoadForecast | undefined;
  let askedMs = -Infinity;

  async function refresh(
    one: Forecaster,
    learner: ServiceLearner,
    history: LoadHistory,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const steps = Math.ceil((REACH_MS + learner.horizonMs()) / history.stepMs);
      current = await one.forecast(history, steps, signal);
    } catch (error) {
      // Without a forecast it goes on as it would have anyway.
      current = undefined;
      if (!signal.aborted) logger.warn({ error, forecaster: one.name }, 'the forecast failed');
    }
  }

  return {
    at(nowMs, signal) {
      if (forecaster === undefined || service === undefined) return {};
      const history = Math.abs(nowMs - askedMs) >= REFRESH_MS ? service.history() : undefined;
      if (history !== undefined) {
        askedMs = nowMs;
        void refresh(forecaster, service, history, signal);
      }
      if (current === undefined) return {};
      const thenMs = nowMs + service.horizonMs();
      const load = expectedLoad(current, thenMs, thenMs + SPAN_MS);
      return load === undefined ? {} : { [forecaster.name]: load };
    },
  };
}
