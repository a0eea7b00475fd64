import { systemClock, type Locale } from '@tidewatch/core';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { EndpointError } from '../control/endpoint-query.ts';
import { endpointRangeQuery } from '../control/endpoint-range-query.ts';
import { readTrace } from '../simulate/read-trace.ts';
import { simulate } from '../simulate/simulate.ts';
import { savingLines, simulationTable } from '../simulate/simulation-table.ts';
import { commandTexts } from './command-texts.ts';
import type { CommandWorld } from './run-autoscaler-command.ts';

const HISTORY_MS = 86_400_000;
const STEP_MS = 60_000;
const LEAST_POINTS = 30;
const TIMEOUT_MS = 10_000;
/** A threshold is taken for this share of what a replica can do, as the article's own load test has it. */
const THRESHOLD_SHARE = 0.8;

/**
 * Prints what the last day would have cost by this configuration, by its thresholds, by a static peak and by
 * one who knew it beforehand. When there is no history, says so and why.
 */
export async function printSavings(
  config: AutoscalerConfig,
  { stdout, stderr, signal, clock = systemClock }: CommandWorld,
  locale: Locale,
): Promise<void> {
  const texts = commandTexts[locale];
  const { objective, metrics } = config;
  const rate = metrics.find(({ name }) => name === objective?.rate);
  if (objective === undefined || rate?.endpoint === undefined) return;
  const endMs = Math.floor(clock.now() / STEP_MS) * STEP_MS;
  try {
    const range = { startMs: endMs - HISTORY_MS, endMs, stepMs: STEP_MS };
    const ask = endpointRangeQuery(rate.endpoint);
    const [series, ...rest] = await ask(rate.query, range, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const points = (series?.points ?? []).filter(({ value }) => Number.isFinite(value) && value >= 0);
    if (rest.length > 0) return stderr(texts.noHistory(`${rest.length + 1} series`));
    if (points.length < LEAST_POINTS)
      return stderr(texts.noHistory(`${points.length} min < ${LEAST_POINTS} min`));
    const lines = points.map(({ timeMs, value }) => `${timeMs / 1000},${(value * STEP_MS) / 1000}`);
    const replicaRps = objective.replicaRps ?? rate.up / THRESHOLD_SHARE;
    const report = simulate({
      trace: readTrace(lines.join('\n'), rate.name),
      config,
      replicaRps,
      startupSeconds: objective.startupMs / 1000,
      sloMs: objective.maxLatencyMs,
      policies: ['static-peak', 'threshold', 'oracle-p99.9', 'cost-optimize'],
    });
    stdout(texts.savings((points.length / 60).toFixed(1), String(Number(replicaRps.toPrecision(4)))));
    for (const line of [...simulationTable(report, locale), ...savingLines(report, locale)]) stdout(line);
  } catch (error) {
    // The saving is told besides: nothing that goes wrong with it keeps the autoscaler from its work.
    if (signal.aborted) return;
    const reason = error instanceof EndpointError || error instanceof Error ? error.message : String(error);
    stderr(texts.noHistory(reason));
  }
}
