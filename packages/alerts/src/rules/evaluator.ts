import type { InstantQuery, Sample, Vector } from '@tidewatch/core';
import { abortable } from '../abortable.ts';
import type { AlertInstance, Instances } from './alert-instance.ts';
import { alertSeries } from './alert-series.ts';
import { fingerprint } from './fingerprint.ts';
import { presentValueExpr, withPresentValues } from './present-value.ts';
import type { AlertRule, RecordRule, Rule, RuleGroup } from './rule.ts';
import { step, type Transition } from './step.ts';

export interface EvaluatorOptions {
  readonly query: InstantQuery;
  /** Takes the series a rule has produced, before the next rule is evaluated. */
  readonly onSeries: (samples: readonly Sample[], atMs: number, ruleKey: string) => void;
  readonly externalUrl: string;
}

/** One rule and what is known of it. */
export interface RuleState {
  readonly rule: Rule;
  health: 'unknown' | 'ok' | 'err';
  /** Why the last evaluation changed nothing. */
  lastError: string | undefined;
  lastEvaluationMs: number | undefined;
  instances: Instances;
}

/** The outcome of one rule at one time. */
export interface Evaluated {
  readonly state: RuleState;
  readonly transitions: readonly Transition[];
  /** Present alerts, and those that have just resolved. */
  readonly instances: readonly AlertInstance[];
  readonly failed: boolean;
  readonly refused: number;
  readonly templateErrors: readonly string[];
  /** Why the series of the alerts could not be handed on. Absent: they were. */
  readonly seriesError?: string;
}

/** More different queries than this in the templates of one rule are not answered. */
const MAX_TEMPLATE_QUERIES = 20;

export function newRuleState(rule: Rule): RuleState {
  return { rule, health: 'unknown', lastError: undefined, lastEvaluationMs: undefined, instances: new Map() };
}

/**
 * Evaluates one rule. A query that fails, or two alerts with one label set, is a failure that changes no alert:
 * what fires goes on firing, what is pending goes on waiting.
 */
export async function evaluateRule(
  state: RuleState,
  group: RuleGroup,
  atMs: number,
  options: EvaluatorOptions,
  signal: AbortSignal,
): Promise<Evaluated> {
  const { rule } = state;
  const queryMs = atMs - group.queryOffsetMs;
  const ask: AskQuery = (expr) => abortable(options.query(expr, queryMs, { signal }), signal);
  state.lastEvaluationMs = atMs;
  try {
    const vector = await ask(rule.expr);
    const evaluated =
      rule.kind === 'record'
        ? record(state, rule, group, vector, queryMs, options)
        : await evaluateAlerts(state, rule, group, vector, atMs, options, ask);
    state.health = evaluated.seriesError === undefined ? 'ok' : 'err';
    state.lastError = evaluated.seriesError;
    return evaluated;
  } catch (error) {
    state.health = 'err';
    state.lastError = error instanceof Error ? error.message : String(error);
    return {
      state,
      transitions: [],
      instances: [...state.instances.values()],
      failed: true,
      refused: 0,
      templateErrors: [],
    };
  }
}

type AskQuery = (expr: string) => Promise<Vector>;

async function evaluateAlerts(
  state: RuleState,
  rule: AlertRule,
  group: RuleGroup,
  vector: Vector,
  atMs: number,
  { externalUrl, onSeries }: EvaluatorOptions,
  ask: AskQuery,
): Promise<Evaluated> {
  const answers = new Map<string, Vector | Error>();
  const wanted = new Set<string>();
  const context = {
    nowMs: atMs,
    externalUrl,
    // Templates are pure: they note what they want to ask, and are expanded again with the answers.
    query(expr: string): Vector {
      const answer = answers.get(expr);
      if (answer instanceof Error) throw answer;
      if (answer === undefined) wanted.add(expr);
      return answer ?? [];
    },
  };
  const limits = group.limit > 0 ? { maxInstances: group.limit } : {};
  let result = step(rule, state.instances, vector, atMs, { ...context, ...limits });
  while (wanted.size > 0 && answers.size < MAX_TEMPLATE_QUERIES) {
    for (const expr of wanted) answers.set(expr, await ask(expr).catch((error: unknown) => error as Error));
    wanted.clear();
    result = step(rule, state.instances, vector, atMs, { ...context, ...limits });
  }
  if (result.status === 'duplicate-labelset') {
    throw new Error(
      `two series have the labels ${JSON.stringify(result.labels)} after the rule's labels are applied`,
    );
  }
  const instances = await recovered(rule, [...result.instances.values()], context, ask);
  state.instances = new Map(instances.map((instance) => [instance.fingerprint, instance]));
  const seriesMs = atMs - group.queryOffsetMs;
  const seriesError = tryTo(() => onSeries(alertSeries(instances, seriesMs), seriesMs, keyOf(rule, group)));
  const { transitions, refused, templateErrors } = result;
  return {
    state,
    transitions,
    instances,
    failed: false,
    refused,
    templateErrors,
    ...(seriesError === undefined ? {} : { seriesError }),
  };
}

/** The store's trouble is not the alert's: a recovery that is dropped here would never be told. */
function tryTo(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Asks for the present values when an alert has recovered. */
async function recovered(
  rule: AlertRule,
  instances: AlertInstance[],
  context: { nowMs: number; externalUrl: string },
  ask: AskQuery,
): Promise<AlertInstance[]> {
  const expr = instances.some(({ state }) => state === 'resolved') ? presentValueExpr(rule.expr) : undefined;
  if (expr === undefined) return instances;
  // Not knowing the present value is no reason to keep the recovery back.
  const vector = await ask(expr).catch((): Vector => []);
  return withPresentValues(rule, instances, vector, context);
}

function record(
  state: RuleState,
  rule: RecordRule,
  group: RuleGroup,
  vector: Vector,
  atMs: number,
  { onSeries }: EvaluatorOptions,
): Evaluated {
  const seen = new Set<string>();
  const samples = vector.map(({ labels, value }): Sample => {
    const merged = { ...labels, ...rule.labels, __name__: rule.name };
    const key = fingerprint(merged);
    if (seen.has(key)) throw new Error("two series have the same labels after the rule's labels are applied");
    seen.add(key);
    return { labels: merged, timeMs: atMs, value };
  });
  onSeries(samples, atMs, keyOf(rule, group));
  return { state, transitions: [], instances: [], failed: false, refused: 0, templateErrors: [] };
}

/** By place: rules of one group may share a name. */
function keyOf(rule: Rule, { source, name, rules }: RuleGroup): string {
  return `${source};${name};${rules.indexOf(rule)}`;
}
