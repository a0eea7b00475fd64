import { formatFloat } from '../template/format-float.ts';
import type { RuleState } from './evaluator.ts';
import type { RuleGroup } from './rule.ts';

/** The answer's `data` of Prometheus's `/api/v1/rules`. */
export interface RulesJson {
  readonly groups: readonly RuleGroupJson[];
}

export interface RuleGroupJson {
  readonly name: string;
  readonly file: string;
  /** Seconds. */
  readonly interval: number;
  readonly limit: number;
  readonly rules: readonly RuleJson[];
}

/** One rule; the fields of the two types are those of Prometheus. */
export interface RuleJson {
  readonly type: 'alerting' | 'recording';
  readonly name: string;
  readonly query: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: 'unknown' | 'ok' | 'err';
  readonly lastError?: string;
  /** RFC 3339; the zero time before the first evaluation. */
  readonly lastEvaluation: string;
  /** `inactive`, `pending` or `firing`; alerting rules only, like all below. */
  readonly state?: string;
  /** Seconds. */
  readonly duration?: number;
  /** Seconds. */
  readonly keepFiringFor?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly alerts?: readonly AlertJson[];
}

export interface AlertJson {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: string;
  readonly activeAt: string;
  readonly value: string;
}

/** Shows rule groups as Prometheus's HTTP API does. */
export function toRulesJson(
  groups: readonly { readonly group: RuleGroup; readonly states: readonly RuleState[] }[],
  defaultIntervalMs: number,
): RulesJson {
  return {
    groups: groups.map(({ group, states }) => ({
      name: group.name,
      file: group.source,
      interval: (group.intervalMs ?? defaultIntervalMs) / 1000,
      limit: group.limit,
      rules: states.map(toRuleJson),
    })),
  };
}

function toRuleJson({ rule, health, lastError, lastEvaluationMs, instances }: RuleState): RuleJson {
  const common = {
    name: rule.name,
    query: rule.expr,
    labels: rule.labels,
    health,
    ...(lastError === undefined ? {} : { lastError }),
    lastEvaluation:
      lastEvaluationMs === undefined ? '0001-01-01T00:00:00Z' : new Date(lastEvaluationMs).toISOString(),
  };
  if (rule.kind === 'record') return { type: 'recording', ...common };
  const present = [...instances.values()].filter(({ state }) => state !== 'resolved');
  const states = new Set(present.map(({ state }) => state));
  return {
    type: 'alerting',
    ...common,
    state: states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive',
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepFiringForMs / 1000,
    annotations: rule.annotations,
    alerts: present.map(({ labels, annotations, state, activeAtMs, firingValue }) => ({
      labels,
      annotations: { ...annotations },
      state,
      activeAt: new Date(activeAtMs).toISOString(),
      value: formatFloat(firingValue, 'e', -1),
    })),
  };
}
