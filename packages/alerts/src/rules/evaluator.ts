import type { InstantQuery, Sample, Vector } from '@tidewatch/core';
import { abortable } from '../abortable.ts';
import type { Pace } from '../pace.ts';
import { afterAbsence, type Away } from './after-absence.ts';
import type { AlertInstance, Instances } from './alert-instance.ts';
import { alertSeries } from './alert-series.ts';
import { createCandidates, type Candidate, type Candidates } from './candidate.ts';
import { fingerprint } from './fingerprint.ts';
import { judgeRecoveries, type NoDataPolicy, type Recoveries } from './judge-recoveries.ts';
import { presentValueExpr, withPresentValues } from './present-value.ts';
import type { AlertRule, RecordRule, Rule, RuleGroup } from './rule.ts';
import { stepInPieces, type Transition } from './step.ts';

export interface EvaluatorOptions {
  readonly query: InstantQuery;
  /** Takes the series a rule has produced, before the next rule is evaluated. */
  readonly onSeries: ((samples: readonly Sample[], atMs: number, ruleKey: string) => void) | undefined;
  readonly externalUrl: string;
  readonly noData: NoDataPolicy;
  readonly pace: Pace;
}

/** One rule and what is known of it. */
export interface RuleState {
  /** The same after a restart. */
  readonly id: string;
  readonly rule: Rule;
  health: 'unknown' | 'ok' | 'err';
  /** Why the last evaluation changed nothing. */
  lastError: string | undefined;
  lastEvaluationMs: number | undefined;
  instances: Instances;
  /** Series that got no alert in the last evaluation. */
  refused: number;
  /** Evaluations in a row that failed. */
  failures: number;
  /** Set while the alerts are those of a process before this one, and nothing was evaluated since. */
  away: Away | undefined;
  /** What the last evaluation made of its samples. */
  candidates: Candidates | undefined;
}

/** The outcome of one rule at one time. */
export interface Evaluated {
  readonly state: RuleState;
  readonly transitions: readonly Transition[];
  /** Alerts before it. */
  readonly before: Instances;
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
/** Fewer samples than this are expanded in one turn of the event loop. */
const SAMPLES_A_TURN = 250;

export function newRuleState(rule: Rule, id: string = rule.name): RuleState {
  return {
    id,
    rule,
    health: 'unknown',
    lastError: undefined,
    lastEvaluationMs: undefined,
    instances: new Map(),
    refused: 0,
    failures: 0,
    away: undefined,
    candidates: undefined,
  };
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
    state.failures = 0;
    state.refused = evaluated.refused;
    state.health = evaluated.seriesError === undefined ? 'ok' : 'err';
    state.lastError = evaluated.seriesError;
    return evaluated;
  } catch (error) {
    state.health = 'err';
    state.failures++;
    state.lastError = error instanceof Error ? error.message : String(error);
    return {
      state,
      transitions: [],
      before: state.instances,
      instances: [],
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
  { externalUrl, onSeries, pace, noData }: EvaluatorOptions,
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
  const candidates = (state.candidates ??= createCandidates(rule));
  let found = await candidatesOf(candidates, vector, context, pace);
  while (wanted.size > 0 && answers.size < MAX_TEMPLATE_QUERIES) {
    for (const expr of wanted) answers.set(expr, await ask(expr).catch((error: unknown) => error as Error));
    wanted.clear();
    candidates.takeErrors();
    found = await candidatesOf(candidates, vector, context, pace);
  }
  candidates.endEvaluation();
  const templateErrors = candidates.takeErrors();
  const before = state.instances;
  const taken = afterAbsence(before, state.away, atMs);
  const limit = group.limit > 0 ? group.limit : undefined;
  const result = await paced(stepInPieces(rule, taken.instances, found, atMs, limit), pace);
  if (result.status === 'duplicate-labelset') {
    throw new Error(
      `two series have the labels ${JSON.stringify(result.labels)} after the rule's labels are applied`,
    );
  }
  const { refused } = result;
  const stepped = {
    instances: [...result.instances.values()],
    transitions: [...taken.transitions, ...result.transitions],
  };
  const judged = await recovered(state, rule, stepped, noData, context, ask);
  state.instances =
    judged === stepped
      ? result.instances
      : new Map(judged.instances.map((instance) => [instance.fingerprint, instance]));
  state.away = undefined;
  const seriesMs = atMs - group.queryOffsetMs;
  const seriesError =
    onSeries && tryTo(() => onSeries(alertSeries(judged.instances, seriesMs), seriesMs, keyOf(rule, group)));
  return {
    state,
    before,
    ...judged,
    failed: false,
    refused,
    templateErrors,
    ...(seriesError === undefined ? {} : { seriesError }),
  };
}

/** Templates are most of the work: a long vector is not expanded in one turn of the event loop. */
async function candidatesOf(
  candidates: Candidates,
  vector: Vector,
  context: Parameters<Candidates['of']>[1],
  pace: Pace,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const sample of vector) {
    found.push(candidates.of(sample, context));
    if (found.length % SAMPLES_A_TURN === 0) await pace.rest(16);
  }
  return found;
}

/** Runs a work to its end, with a rest after each piece. */
async function paced<T>(pieces: Generator<void, T>, pace: Pace): Promise<T> {
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
    await pace.rest(8);
  }
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
  state: RuleState,
  rule: AlertRule,
  step: Recoveries,
  policy: NoDataPolicy,
  context: { nowMs: number; externalUrl: string },
  ask: AskQuery,
): Promise<Recoveries> {
  if (!step.instances.some((instance) => instance.state === 'resolved')) return step;
  const expr = presentValueExpr(rule.expr);
  // Not knowing the present value is no reason to keep the recovery back.
  const vector = expr === undefined ? undefined : await ask(expr).catch(() => undefined);
  const { instances: before, away } = state;
  const judged = judgeRecoveries(step, before, vector, policy, away !== undefined, context.nowMs);
  if (vector === undefined) return judged;
  return { ...judged, instances: withPresentValues(rule, judged.instances, vector, context) };
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
  onSeries?.(samples, atMs, keyOf(rule, group));
  const nothing = { transitions: [], before: state.instances, instances: [], refused: 0, templateErrors: [] };
  return { state, ...nothing, failed: false };
}

/** By place: rules of one group may share a name. */
function keyOf(rule: Rule, { source, name, rules }: RuleGroup): string {
  return `${source};${name};${rules.indexOf(rule)}`;
}
