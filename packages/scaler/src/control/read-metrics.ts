import type { InstantQuery, Vector } from '@tidewatch/core';
import type { MetricRule } from '../config/autoscaler-config.ts';
import { selectedMetricNames } from '../config/selected-metric-names.ts';
import type { MetricReading } from '../policy/decision.ts';
import { withSignal } from '../with-signal.ts';

/**
 * A vector that may be incomplete: Prometheus answers with `warnings` when a part of the data could not be read
 * (a remote store, a Thanos query with partial response).
 */
export type WarnedVector = Vector & { readonly warnings?: readonly string[] };

/** Asks all queries at once; each that fails is a reading of its own and stops no other. */
export function readMetrics(
  rules: readonly MetricRule[],
  queryOf: (rule: MetricRule) => InstantQuery,
  unavailable: Readonly<Record<string, string>>,
  atMs: number,
  signal: AbortSignal,
): Promise<readonly MetricReading[]> {
  return Promise.all(
    rules.map(async (rule): Promise<MetricReading> => {
      const reason = whyUnavailable(rule, unavailable);
      if (reason !== undefined) return { name: rule.name, state: 'unavailable', detail: reason };
      return readMetric(rule, queryOf(rule), atMs, signal);
    }),
  );
}

/** The reason why a metric cannot exist here: every series that its query selects is named as unavailable. */
function whyUnavailable(
  { query }: MetricRule,
  unavailable: Readonly<Record<string, string>>,
): string | undefined {
  const names = selectedMetricNames(query);
  const reasons = names.map((name) => (Object.hasOwn(unavailable, name) ? unavailable[name] : undefined));
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

async function readMetric(
  { name, query }: MetricRule,
  ask: InstantQuery,
  atMs: number,
  signal: AbortSignal,
): Promise<MetricReading> {
  try {
    const vector = await withSignal(ask(query, atMs, { signal }), signal);
    const [sample] = vector;
    if (sample === undefined) return { name, state: 'empty' };
    if (vector.length > 1) return { name, state: 'ambiguous', series: vector.length };
    const partial = (vector as WarnedVector).warnings?.[0];
    const { value, timeMs } = sample;
    return { name, state: 'value', value, timeMs, ...(partial === undefined ? {} : { partial }) };
  } catch (error) {
    return { name, state: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
}
