import type { MetricRule, Thresholds } from '../config/autoscaler-config.ts';
import type { MetricReading, MetricVerdict } from './decision.ts';

/** What the judgement of one metric depends on, besides its reading. */
export interface JudgeContext {
  readonly nowMs: number;
  /** Replicas that share the load now, at least 1. */
  readonly ready: number;
  readonly staleAfterMs: number;
  /** Thresholds of the time window in force, if it has any for this metric. */
  readonly override?: Thresholds | undefined;
}

/** Compares one reading with its thresholds; says `missing`, `stale` … rather than guessing a number. */
export function judgeMetric(
  rule: MetricRule,
  reading: MetricReading | undefined,
  { nowMs, ready, staleAfterMs, override }: JudgeContext,
): MetricVerdict {
  const { up, down } = override ?? rule;
  const facts = { name: rule.name, per: rule.per, up, down };
  switch (reading?.state) {
    case undefined:
    case 'empty':
      return { ...facts, verdict: 'missing' };
    case 'ambiguous':
      return {
        ...facts,
        verdict: 'ambiguous',
        detail: `${reading.series} series; wrap the query in sum() or max()`,
      };
    case 'failed':
      return { ...facts, verdict: 'failed', detail: reading.detail };
    case 'unavailable':
      return { ...facts, verdict: 'set-aside', detail: reading.detail };
    case 'value':
      break;
  }
  const { value: total, timeMs } = reading;
  if (!Number.isFinite(total)) return { ...facts, verdict: 'not-finite', detail: String(total) };
  const value = rule.per === 'replica' ? total / ready : total;
  const measured = { ...facts, value, total };
  const ageMs = nowMs - timeMs;
  if (ageMs > staleAfterMs) {
    return { ...measured, verdict: 'stale', detail: `${Math.round(ageMs / 1000)} s old` };
  }
  // Of another clock than ours, or ours is wrong: how old it is cannot be told.
  if (-ageMs > staleAfterMs) {
    return { ...measured, verdict: 'stale', detail: `${Math.round(-ageMs / 1000)} s in the future` };
  }
  if (value > up) return { ...measured, verdict: 'above' };
  // What is missing can only add to it: enough to go up on, and never to go down on.
  if (reading.partial !== undefined) return { ...measured, verdict: 'partial', detail: reading.partial };
  return { ...measured, verdict: value < down ? 'below' : 'between' };
}

/** Whether the verdict leaves open how loaded the service is. */
export function isUnknown({ verdict }: MetricVerdict): boolean {
  return ['missing', 'not-finite', 'stale', 'partial', 'ambiguous', 'failed'].includes(verdict);
}
