import type { ConfigIssue } from '@tidewatch/core';
import type { AutoscalerConfig, AutoscalerMode, MetricRule, ObjectiveConfig } from './autoscaler-config.ts';
import type { SloEntry } from './config-document.ts';

/** A fault of `slo:`; its key is below `slo`. */
export interface ObjectiveFault extends Pick<ConfigIssue, 'code' | 'problem' | 'remedy'> {
  readonly key: readonly string[];
}

/** Name under which the mean latency stands among the metrics. */
const LATENCY_METRIC = 'latency';
const DEFAULT_STARTUP_SECONDS = 60;

/** Fills in the defaults of `slo:`; the rate is the first metric that is shared by the replicas. */
export function readObjective(
  entry: SloEntry | undefined,
  metrics: readonly MetricRule[],
  fault: (fault: ObjectiveFault) => void,
): ObjectiveConfig | undefined {
  if (entry === undefined) return undefined;
  const { max_latency: maxLatencyMs, rate, latency_query: latencyQuery, replica_rps: replicaRps } = entry;
  const found = metrics.find((metric) =>
    rate === undefined ? metric.per === 'replica' : metric.name === rate,
  );
  if (found === undefined) {
    const names = metrics.map(({ name }) => name).join(', ');
    const problem =
      rate === undefined ? 'no metric is a rate that replicas share' : `no metric is called "${rate}"`;
    fault({ code: 'missing-key', key: ['rate'], problem, remedy: `name one of: ${names}` });
    return undefined;
  }
  if (latencyQuery !== undefined && metrics.some(({ name }) => name === LATENCY_METRIC)) {
    const problem = `a metric is called "${LATENCY_METRIC}" already`;
    fault({ code: 'contradiction', key: ['latency_query'], problem, remedy: 'rename that metric' });
  }
  return {
    maxLatencyMs,
    rate: found.name,
    ...(latencyQuery === undefined ? {} : { latency: LATENCY_METRIC }),
    ...(replicaRps === undefined ? {} : { replicaRps }),
    ...(entry.late_ratio === undefined ? {} : { lateRatio: entry.late_ratio }),
    startupMs: (entry.startup ?? DEFAULT_STARTUP_SECONDS) * 1000,
    forecast: entry.forecast ?? 'season',
  };
}

/** The metrics, and the mean latency as one of them: above the objective asks for more, and none is low enough for fewer. */
export function withLatency(
  metrics: readonly MetricRule[],
  entry: SloEntry | undefined,
  objective: ObjectiveConfig | undefined,
): readonly MetricRule[] {
  if (entry?.latency_query === undefined || objective === undefined) return metrics;
  const endpoint = metrics.find(({ name }) => name === objective.rate)?.endpoint;
  const latency: MetricRule = {
    name: LATENCY_METRIC,
    query: entry.latency_query,
    up: objective.maxLatencyMs / 1000,
    down: 0,
    per: 'total',
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  return [...metrics, latency];
}

/**
 * The configuration in another mode, as `--mode` and `--max-latency` ask for.
 *
 * @returns `undefined` when the mode needs a latency and neither the file nor the option has one, or no
 * metric is a rate that replicas share.
 */
export function inMode(
  config: AutoscalerConfig,
  mode: AutoscalerMode,
  maxLatencyMs: number | undefined,
): AutoscalerConfig | undefined {
  if (mode === 'threshold') return { ...config, mode };
  const rate = config.metrics.find(({ per }) => per === 'replica');
  const { objective } = config;
  if (objective !== undefined) {
    const kept = { ...objective, maxLatencyMs: maxLatencyMs ?? objective.maxLatencyMs };
    return { ...config, mode, objective: kept };
  }
  if (maxLatencyMs === undefined || rate === undefined) return undefined;
  const made: ObjectiveConfig = {
    maxLatencyMs,
    rate: rate.name,
    startupMs: DEFAULT_STARTUP_SECONDS * 1000,
    forecast: 'season',
  };
  return { ...config, mode, objective: made };
}
