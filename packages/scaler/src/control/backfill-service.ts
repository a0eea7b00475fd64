import type { Logger, RangeQuery } from '@tidewatch/core';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { BACKFILL_STEP_MS, type ServiceLearner } from '../slo/service-learner.ts';

/** What the memory of days holds, in pieces: Prometheus answers no more than 11,000 points of a series at once. */
const PIECE_MS = 4 * 86_400_000;
const PIECES = 2;

/**
 * Has the past of the rate learned once, before the first decision. What an earlier process has kept comes after it
 * and replaces it. Never rejects: without a past it goes on as a service that was never seen.
 */
export function backfillService({
  config,
  service,
  history,
  logger,
}: {
  readonly config: AutoscalerConfig;
  readonly service: ServiceLearner | undefined;
  readonly history: RangeQuery | undefined;
  readonly logger: Logger;
}): (nowMs: number, signal: AbortSignal) => Promise<void> {
  let isDone = false;
  return async (nowMs, signal) => {
    if (isDone || service === undefined || history === undefined) return;
    isDone = true;
    const rate = config.metrics.find(({ name }) => name === config.objective?.rate);
    if (rate === undefined) return;
    try {
      for (let piece = PIECES; piece > 0; piece--) {
        const startMs = nowMs - piece * PIECE_MS;
        const endMs = startMs + PIECE_MS - BACKFILL_STEP_MS;
        const [series, ...others] = await history(
          rate.query,
          { startMs, endMs, stepMs: BACKFILL_STEP_MS },
          { signal },
        );
        // Which of several counts is not for us to choose.
        if (series !== undefined && others.length === 0) service.backfill(series.points);
      }
    } catch (error) {
      logger.warn({ error }, 'the past of the rate could not be asked');
    }
  };
}
