import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { decide } from './decide.ts';
import type { Decision, DecisionInput, HoldReason, MetricReading } from './decision.ts';
import { isUnknown } from './judge-metric.ts';

/** What would have been decided had one thing been different. */
export interface Alternative {
  /** The reason to hold, or the name of the metric, that is taken away. */
  readonly without: HoldReason | { readonly metric: string };
  readonly to: number;
}

/**
 * The replicas that each known metric alone would lead to, cooldowns aside. Where an objective decides, the thresholds
 * have no say: what is asked for is the plan, and it is the rate that asks.
 */
export function asksOf(
  decision: Decision,
  input: DecisionInput,
  config: AutoscalerConfig,
): Readonly<Record<string, number>> {
  const { nowMs, replicas, metrics, service } = input;
  if (config.objective !== undefined && service !== undefined && isKnown(service)) {
    const { plan } = decision;
    return plan === undefined ? {} : { [config.objective.rate]: inBounds(plan.replicas, decision) };
  }
  const asks = config.metrics.flatMap((rule) => {
    const alone = decide({ nowMs, replicas, metrics }, { ...config, metrics: [rule] });
    const hasSay = alone.inputs.every((verdict) => !isUnknown(verdict) && verdict.verdict !== 'set-aside');
    return hasSay ? [[rule.name, alone.to] as const] : [];
  });
  return Object.fromEntries(asks);
}

/**
 * For a hold: where each thing that holds leads when it is taken away. For a step: where it leads without each
 * metric that asks for it. What changes nothing is left out.
 */
export function alternativesTo(
  decision: Decision,
  unguarded: Decision,
  input: DecisionInput,
  config: AutoscalerConfig,
): readonly Alternative[] {
  const found: Alternative[] = [];
  if (decision.action === 'hold') {
    if (unguarded.action !== 'hold') return [{ without: decision.reason, to: unguarded.to }];
    const reasons = new Set<HoldReason>([decision.reason, ...decision.holds]);
    for (const without of reasons) {
      const { plan } = decision;
      if (without === 'recently-needed' && plan !== undefined)
        found.push({ without, to: inBounds(plan.replicas, decision) });
      const changed = withoutHold[without]?.({ input, config }, decision);
      if (changed !== undefined) found.push({ without, to: decide(changed.input, changed.config).to });
    }
  } else if (decision.reason === 'above-threshold') {
    for (const { name, verdict } of decision.inputs) {
      if (verdict !== 'above') continue;
      const metrics = input.metrics.map((reading) => (reading.name === name ? setAside(reading) : reading));
      found.push({ without: { metric: name }, to: decide({ ...input, metrics }, config).to });
    }
  }
  return found.filter(({ to }) => to !== decision.to);
}

/** Whether enough is known of a service for its objective to decide. */
function isKnown({ logLevels, capacity }: NonNullable<DecisionInput['service']>): boolean {
  return logLevels.length >= 2 || capacity !== undefined;
}

function inBounds(replicas: number, { minReplicas, maxReplicas }: Decision): number {
  return Math.min(maxReplicas, Math.max(minReplicas, replicas));
}

interface Question {
  readonly input: DecisionInput;
  readonly config: AutoscalerConfig;
}

/** How each reason to hold is taken away; the others say by themselves what would be needed. */
const withoutHold: Partial<Record<HoldReason, (question: Question, decision: Decision) => Question>> = {
  cooldown: ({ input: { nowMs, metrics, replicas }, config }) => ({
    input: { nowMs, metrics, replicas },
    config,
  }),
  'metric-unknown': ({ input, config }, decision) => {
    const unknown = new Set(decision.inputs.filter(isUnknown).map(({ name }) => name));
    const metrics = input.metrics.map((reading) => (unknown.has(reading.name) ? setAside(reading) : reading));
    return { input: { ...input, metrics }, config };
  },
  'replicas-starting': ({ input, config }) => ({
    input: { ...input, replicas: { ...input.replicas, starting: 0 } },
    config,
  }),
  'replicas-draining': ({ input, config }) => ({
    input: { ...input, replicas: { ...input.replicas, draining: 0 } },
    config,
  }),
  'at-maximum': ({ input, config }) => ({
    input,
    config: unbounded(config, { maxReplicas: Number.MAX_SAFE_INTEGER }),
  }),
  'at-minimum': ({ input, config }) => ({ input, config: unbounded(config, { minReplicas: 0 }) }),
};

function unbounded(
  config: AutoscalerConfig,
  bounds: { readonly minReplicas?: number; readonly maxReplicas?: number },
): AutoscalerConfig {
  const timeWindows = config.timeWindows.map((window) => ({ ...window, ...bounds }));
  return { ...config, ...bounds, timeWindows };
}

function setAside({ name }: MetricReading): MetricReading {
  return { name, state: 'unavailable', detail: 'left out' };
}
