import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { activeWindow } from './active-window.ts';
import type { Decision, DecisionInput, HoldReason, Limit, MetricVerdict } from './decision.ts';
import { decideByObjective } from './decide-by-objective.ts';
import { isUnknown, judgeMetric } from './judge-metric.ts';

/** Slack before rounding up: 6.000000000000001 replicas are six. */
const ROUNDING = 1e-9;

/**
 * How many replicas there should be, and why.
 *
 * Any metric above its up threshold: up. All below their down thresholds: down. A metric that is missing,
 * stale or not a number forbids a step down and never a step up; one that is known not to exist here is set
 * aside. Bounds come before everything else. With a latency objective, and once the service is known, the
 * objective decides instead of the thresholds. Pure: equal input gives an equal decision.
 */
export function decide(input: DecisionInput, config: AutoscalerConfig): Decision {
  const { nowMs, replicas } = input;
  const window = activeWindow(config.timeWindows, nowMs);
  const minReplicas = window?.minReplicas ?? config.minReplicas;
  const maxReplicas = window?.maxReplicas ?? config.maxReplicas;
  const thresholds = new Map(Object.entries(window?.thresholds ?? {}));
  const from = replicas.desired;
  const inputs = config.metrics.map((rule) =>
    judgeMetric(
      rule,
      input.metrics.find(({ name }) => name === rule.name),
      {
        nowMs,
        ready: Math.max(1, replicas.ready),
        staleAfterMs: config.staleAfterMs,
        override: thresholds.get(rule.name),
      },
    ),
  );
  const facts = {
    from,
    inputs,
    minReplicas,
    maxReplicas,
    cooldownRemainingMs: cooldownRemaining(input, config),
    ...(window === undefined ? {} : { window: window.name }),
  };
  const proposal = propose(inputs);
  const base = { ...facts, proposal, holds: [], limits: [] } as const;
  if (from < minReplicas) return { ...base, action: 'up', reason: 'below-minimum', to: minReplicas };
  if (from > maxReplicas) return { ...base, action: 'down', reason: 'above-maximum', to: maxReplicas };

  const byObjective = decideByObjective(base, input, config);
  if (byObjective !== undefined) return byObjective;
  if (proposal === 'up') return decideUp(base, input, config);
  if (proposal === 'down') return decideDown(base, input, config);
  return { ...base, action: 'hold', reason: whyStay(inputs), to: from };
}

/** A decision before it is taken. */
export type Base = Omit<Decision, 'action' | 'reason' | 'to'>;

function propose(inputs: readonly MetricVerdict[]): Decision['proposal'] {
  if (inputs.some(({ verdict }) => verdict === 'above')) return 'up';
  const asked = inputs.filter(({ verdict }) => verdict !== 'set-aside');
  return asked.length > 0 && asked.every(({ verdict }) => verdict === 'below') ? 'down' : 'stay';
}

function whyStay(inputs: readonly MetricVerdict[]): HoldReason {
  if (inputs.every(({ verdict }) => verdict === 'set-aside')) return 'all-set-aside';
  // A metric that is content holds by itself; only when the unknown one decides is it the reason.
  const isContent = inputs.some(({ verdict }) => verdict === 'between');
  return !isContent && inputs.some(isUnknown) ? 'metric-unknown' : 'within-thresholds';
}

function decideUp(base: Base, { replicas }: DecisionInput, config: AutoscalerConfig): Decision {
  const { from, inputs, maxReplicas, cooldownRemainingMs } = base;
  const above = inputs.filter(({ verdict }) => verdict === 'above');
  // Replicas on their way will share the load, and what cannot be shared is measured again once they serve.
  const pledged = Math.max(1, replicas.ready + replicas.starting);
  const isPledged = ({ per, total = 0, up }: MetricVerdict): boolean =>
    per === 'replica' ? total / pledged <= up : true;
  const holds: HoldReason[] = [];
  if (from >= maxReplicas) holds.push('at-maximum');
  if (replicas.starting > 0 && above.every(isPledged)) holds.push('replicas-starting');
  if (cooldownRemainingMs.up > 0) holds.push('cooldown');
  const [reason] = holds;
  if (reason !== undefined) return { ...base, holds, action: 'hold', reason, to: from };

  const wanted = from + (config.upStep === 'auto' ? replicasMissing(above, from) : config.upStep);
  const to = Math.min(wanted, maxReplicas);
  const limits: Limit[] = to === wanted ? [] : [{ rule: 'maximum', from: wanted, to }];
  return { ...base, limits, action: 'up', reason: 'above-threshold', to };
}

/** How many more replicas bring every per-replica metric back to its up threshold; at least one. */
function replicasMissing(above: readonly MetricVerdict[], from: number): number {
  const needs = above.map(({ per, total = 0, up }) =>
    per === 'replica' && up > 0 ? Math.ceil(total / up - ROUNDING) : from + 1,
  );
  return Math.max(1, Math.max(...needs) - from);
}

function decideDown(base: Base, { replicas }: DecisionInput, config: AutoscalerConfig): Decision {
  const { from, inputs, minReplicas, cooldownRemainingMs } = base;
  const limits: Limit[] = [];
  const wanted = from - config.downStep;
  let to = Math.max(wanted, minReplicas);
  if (to !== wanted) limits.push({ rule: 'minimum', from: wanted, to });
  const unhurried = to;
  while (to < from && wouldFlap(inputs, to)) to++;
  if (to !== unhurried) limits.push({ rule: 'flapping', from: unhurried, to });

  const holds: HoldReason[] = [];
  if (from <= minReplicas) holds.push('at-minimum');
  if (replicas.starting > 0) holds.push('replicas-starting');
  if (replicas.draining > 0) holds.push('replicas-draining');
  if (cooldownRemainingMs.down > 0) holds.push('cooldown');
  if (to === from && from > minReplicas) holds.push('would-flap');
  const [reason] = holds;
  if (reason !== undefined) return { ...base, limits, holds, action: 'hold', reason, to: from };
  return { ...base, limits, action: 'down', reason: 'all-below', to };
}

/** Whether fewer replicas would be above an up threshold at the present load, and so be raised again. */
function wouldFlap(inputs: readonly MetricVerdict[], replicas: number): boolean {
  return inputs.some(({ per, total = 0, up }) => per === 'replica' && total / replicas > up);
}

/** A completion in the future, from a clock that was set back, counts as now: it never waits longer than the cooldown. */
function cooldownRemaining(
  { nowMs, lastUpMs, lastDownMs }: DecisionInput,
  { cooldownMs }: AutoscalerConfig,
): { readonly up: number; readonly down: number } {
  const remaining = (sinceMs: number | undefined, lengthMs: number): number =>
    sinceMs === undefined ? 0 : Math.max(0, Math.min(sinceMs, nowMs) + lengthMs - nowMs);
  return {
    up: remaining(lastUpMs, cooldownMs.up),
    // A step down too soon after a step up would undo it.
    down: Math.max(remaining(lastDownMs, cooldownMs.down), remaining(lastUpMs, cooldownMs.down)),
  };
}
