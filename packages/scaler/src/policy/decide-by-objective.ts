import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import type { Base } from './decide.ts';
import type { Decision, DecisionInput, HoldReason, Limit } from './decision.ts';
import { isUnknown } from './judge-metric.ts';
import { KEEP_MS } from '../slo/learn-tick.ts';
import { planReplicas, type ReplicaPlan } from '../slo/plan-replicas.ts';
import type { ServiceKnowledge } from '../slo/service-knowledge.ts';
import { objectiveOf } from '../slo/objective-of.ts';

/** A surplus of this many replicas, and of this share of them, is let go after the shorter time. */
const LARGE_SURPLUS = 2;
const LARGE_SHARE = 0.03;
const LARGE_SURPLUS_MS = 120_000;
/** A surplus of one that became a need so often within half an hour is none. */
const SHIVERS = 2;

/**
 * The decision of the modes `slo` and `cost-optimize`: what the plan asks for, in the bounds; down only to what
 * was not needed for the last 3 minutes, 2 for a large surplus, and never while a metric is unknown.
 *
 * @returns `undefined` when there is no objective or the service is not known yet: the thresholds decide.
 */
export function decideByObjective(
  base: Base,
  input: DecisionInput,
  config: AutoscalerConfig,
): Decision | undefined {
  const objective = objectiveOf(config);
  const { service, nowMs, forecasts } = input;
  if (objective === undefined || service === undefined || config.objective === undefined) return undefined;
  const { from, minReplicas, maxReplicas } = base;
  const rate = base.inputs.find(({ name }) => name === config.objective?.rate);
  if (rate?.total === undefined || (isUnknown(rate) && rate.verdict !== 'partial')) {
    if (service.logLevels.length < 2) return undefined;
    return { ...base, proposal: 'stay', action: 'hold', reason: 'metric-unknown', to: from };
  }
  const plan = planReplicas(service, {
    nowMs,
    requestsPerSecond: rate.total,
    budget: objective.budget,
    ...(forecasts === undefined ? {} : { forecasts }),
  });
  if (plan === undefined) {
    if (service.capacity === undefined) return undefined;
    return { ...base, proposal: 'stay', action: 'hold', reason: 'latency-unreachable', to: from };
  }
  const wanted = plan.replicas;
  const to = Math.min(maxReplicas, Math.max(minReplicas, wanted));
  const limits: Limit[] = [];
  if (to < wanted) limits.push({ rule: 'maximum', from: wanted, to });
  if (to > wanted) limits.push({ rule: 'minimum', from: wanted, to });
  const proposal = wanted > from ? 'up' : wanted < from ? 'down' : 'stay';
  const facts = { ...base, proposal, plan, limits } as const;
  if (to > from) return { ...facts, action: 'up', reason: whyUp(plan, from), to };
  if (to === from) {
    const reason = wanted > from ? 'at-maximum' : wanted < from ? 'at-minimum' : 'enough-replicas';
    return { ...facts, holds: proposal === 'stay' ? [] : [reason], action: 'hold', reason, to };
  }
  const kept = Math.max(to, keptFor(service, { nowMs, from, wanted }));
  const holds: HoldReason[] = [];
  if (base.inputs.some(isUnknown)) holds.push('metric-unknown');
  if (kept >= from) holds.push('recently-needed');
  const [reason] = holds;
  if (reason !== undefined) return { ...facts, holds, action: 'hold', reason, to: from };
  return { ...facts, action: 'down', reason: 'surplus', to: kept };
}

function whyUp(
  { needed, forRamps, raisedBy }: ReplicaPlan,
  from: number,
): Decision['reason'] & ('load-needs-more' | 'ramps-need-more' | 'forecast-needs-more') {
  if (needed > from) return 'load-needs-more';
  return raisedBy !== undefined && forRamps <= from ? 'forecast-needs-more' : 'ramps-need-more';
}

/** Replicas that were wanted within the last minutes: to start them again costs what keeping them does. */
function keptFor(
  { wanted: history }: ServiceKnowledge,
  { nowMs, from, wanted }: { readonly nowMs: number; readonly from: number; readonly wanted: number },
): number {
  let [lately, all, rises, before, isKnown] = [wanted, wanted, 0, Infinity, false];
  for (const { atMs, replicas } of history) {
    if (replicas >= from && before < from) rises++;
    before = replicas;
    if (atMs > nowMs - KEEP_MS) all = Math.max(all, replicas);
    if (atMs > nowMs - LARGE_SURPLUS_MS) lately = Math.max(lately, replicas);
    // Since the last restart or outage less is known than is asked for: nothing is surplus yet.
    else isKnown = true;
  }
  if (!isKnown) return from;
  const isLarge = from - lately >= Math.max(LARGE_SURPLUS, Math.ceil(LARGE_SHARE * from));
  if (isLarge) return Math.min(from, lately);
  // Needed again and again: a load that shivers at the edge of what one fewer serves.
  return rises >= SHIVERS ? from : Math.min(from, all);
}
