import type { InstantQuery } from '@tidewatch/core';
import { failures, type TrafficCounts } from '../traffic/traffic-counts.ts';
import type { Timeline } from './timeline.ts';

/** What one run measured: the object that `--json` prints. */
export interface RunReport {
  /** Requests that were sent and answered, or failed. */
  readonly requests: number;
  readonly failed: number;
  /** Mean of the measured accuracy before the lens got dirty, 0 to 1. Null: not measured, the run was cut short. */
  readonly accuracyBefore: number | null;
  /** The same while it was dirty, from the moment the window held nothing older. */
  readonly accuracyAfter: number | null;
  readonly alerts: readonly {
    readonly name: string;
    readonly state: string;
    readonly deliveredTo: readonly string[];
  }[];
  /** Null: no decision was taken. */
  readonly replicas: { readonly min: number | null; readonly max: number | null; readonly changes: number };
  /** Decisions taken, holds included. */
  readonly decisions: number;
  /** Over the whole run, from the duration histogram. Null: no request was measured. */
  readonly p99Seconds: number | null;
  readonly pageUrl: string;
}

export interface RunFacts {
  readonly query: InstantQuery;
  readonly timeline: Timeline;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly counts: TrafficCounts;
  readonly alerts: RunReport['alerts'];
  readonly decisions: readonly {
    readonly action: 'up' | 'down' | 'hold';
    readonly from: number;
    readonly to: number;
  }[];
  readonly pageUrl: string;
}

/** Asks the store what happened: every figure is measured, none is remembered from the plan. */
export async function measureRun(facts: RunFacts): Promise<RunReport> {
  const { timeline, startedMs, nowMs, counts, decisions } = facts;
  const troubleMs = startedMs + timeline.troubleFromMs;
  const cleanedMs = Math.min(nowMs, startedMs + timeline.troubleUntilMs);
  const seen = decisions.flatMap(({ from, to }) => [from, to]);
  return {
    requests: counts.sent,
    failed: failures(counts),
    accuracyBefore: await meanAccuracy(facts, startedMs, troubleMs),
    accuracyAfter: await meanAccuracy(facts, troubleMs + timeline.windowMs, cleanedMs),
    alerts: facts.alerts,
    replicas: {
      min: seen.length === 0 ? null : Math.min(...seen),
      max: seen.length === 0 ? null : Math.max(...seen),
      changes: decisions.filter(({ action }) => action !== 'hold').length,
    },
    decisions: decisions.length,
    p99Seconds: await single(
      facts,
      `histogram_quantile(0.99, sum by (le) (increase(classification_request_duration_seconds_bucket${span(startedMs, nowMs)})))`,
      nowMs,
    ),
    pageUrl: facts.pageUrl,
  };
}

async function meanAccuracy(facts: RunFacts, fromMs: number, untilMs: number): Promise<number | null> {
  if (untilMs <= fromMs || untilMs > facts.nowMs) return null;
  return single(facts, `avg_over_time(classification_accuracy${span(fromMs, untilMs)})`, untilMs);
}

async function single({ query }: RunFacts, expr: string, atMs: number): Promise<number | null> {
  const [sample] = await query(expr, atMs);
  return sample === undefined || !Number.isFinite(sample.value) ? null : sample.value;
}

/** A range that covers the time between two moments. */
function span(fromMs: number, untilMs: number): string {
  return `[${Math.max(1, Math.round((untilMs - fromMs) / 1000))}s]`;
}
