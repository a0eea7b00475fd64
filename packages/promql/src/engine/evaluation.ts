import type { Expr } from '../language/ast.ts';
import { linePosition, type Span } from '../language/position.ts';
import { PromqlError } from '../errors.ts';
import { withoutName, type LabelSet } from '../labels/label-set.ts';
import type { Annotations } from './annotations.ts';
import type { Budget } from './budget.ts';
import type { Grid } from './grid.ts';
import type { SampleSource } from './sample-source.ts';
import type { Column, Value } from './value.ts';

/**
 * When functions take the metric name away: at once, as a stock Prometheus server does, or at the end of the query,
 * so that `label_replace` can still read it.
 */
export type NameRemoval = 'eager' | 'delayed';

/** Everything that is the same for all nodes of one query, and the grid of the present node. */
export interface Evaluation {
  readonly text: string;
  readonly source: SampleSource;
  /** Times of the present node: of the query, or of the subquery around it. */
  readonly grid: Grid;
  /** The outermost query, for `@ start()`, `@ end()`, `step()` and `range()`. */
  readonly query: { readonly startMs: number; readonly endMs: number; readonly stepMs: number };
  readonly lookbackMs: number;
  readonly subqueryStepMs: number;
  readonly maxSteps: number;
  readonly nameRemoval: NameRemoval;
  readonly experimental: boolean;
  readonly budget: Budget;
  readonly annotations: Annotations;
  /** Evaluates another node in the same surroundings; passed along so that operators need not know the tree walk. */
  evaluate(expr: Expr, evaluation: Evaluation): Promise<Value>;
}

/** A fresh column without values. @throws {@link PromqlError} when the query has used its samples. */
export function newColumn(evaluation: Evaluation, labels: LabelSet, nameDropped = false): Column {
  const { count } = evaluation.grid;
  evaluation.budget.take(count);
  return { labels, nameDropped, values: new Float64Array(count), present: new Uint8Array(count) };
}

/** Labels and flag of a series whose meaning changed, so that its metric name no longer fits. */
export function nameRemoved(
  evaluation: Evaluation,
  labels: LabelSet,
): Pick<Column, 'labels' | 'nameDropped'> {
  return evaluation.nameRemoval === 'eager'
    ? { labels: withoutName(labels), nameDropped: false }
    : { labels, nameDropped: true };
}

/** Without the columns that have no value at any step. */
export function presentColumns(columns: readonly Column[]): readonly Column[] {
  return columns.filter((column) => column.present.includes(1));
}

/** In the words of Prometheus, which do not name the place. */
export function executionError(evaluation: Evaluation, at: Span, problem: string): PromqlError {
  return new PromqlError('execution', problem, { place: linePosition(evaluation.text, at.from) });
}

export function unsupportedError(evaluation: Evaluation, at: Span, what: string): PromqlError {
  return new PromqlError(
    'unsupported',
    `${linePosition(evaluation.text, at.from)}: ${what} is not supported`,
  );
}
