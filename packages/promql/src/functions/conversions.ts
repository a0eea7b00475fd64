import { withoutParens, type CallExpr, type Expr } from '../language/ast.ts';
import { nameRemoved, newColumn, type Evaluation } from '../engine/evaluation.ts';
import { timeAt } from '../engine/grid.ts';
import { mergeColumns } from '../engine/merge-columns.ts';
import { scalarOf, vectorOf } from '../engine/operand.ts';
import { selectInstant } from '../engine/selector.ts';
import type { Column, ScalarValue, VectorValue } from '../engine/value.ts';
import { NO_LABELS } from '../labels/label-set.ts';

/** The only value of a vector at each step; NaN when there is none or more than one. */
export async function toScalar(call: CallExpr, evaluation: Evaluation): Promise<ScalarValue> {
  const columns = await vectorOf(call.args[0] as Expr, evaluation);
  const values = new Float64Array(evaluation.grid.count).fill(Number.NaN);
  await evaluation.budget.each(values.keys(), 4 * columns.length, (step) => {
    const first = columns.findIndex(({ present }) => present[step] === 1);
    if (first < 0 || columns.findLastIndex(({ present }) => present[step] === 1) !== first) return;
    values[step] = columns[first]?.values[step] as number;
  });
  return { type: 'scalar', values };
}

/** A scalar as the one series without labels. */
export async function toVector(call: CallExpr, evaluation: Evaluation): Promise<VectorValue> {
  return {
    type: 'vector',
    columns: [asColumn(await scalarOf(call.args[0] as Expr, evaluation), evaluation)],
  };
}

/** The times of the steps in seconds, as the one series without labels: what date functions read by default. */
export function stepTimes(evaluation: Evaluation): Column {
  const { grid } = evaluation;
  const seconds = Float64Array.from({ length: grid.count }, (_, step) => timeAt(grid, step) / 1000);
  return asColumn(seconds, evaluation);
}

function asColumn(values: Float64Array, evaluation: Evaluation): Column {
  const column = newColumn(evaluation, NO_LABELS);
  column.values.set(values);
  column.present.fill(1);
  return column;
}

/** Seconds since the epoch of the samples themselves, for a selector; of the step, for anything else. */
export async function timestamp(call: CallExpr, evaluation: Evaluation): Promise<VectorValue> {
  const expr = withoutParens(call.args[0] as Expr);
  const isSelector = expr.kind === 'selector';
  const inner = isSelector
    ? (await selectInstant(expr, evaluation, 'time')).columns
    : await vectorOf(expr, evaluation);
  const columns = inner.map((column) => {
    const values = isSelector
      ? column.values
      : column.values.map((_, step) => timeAt(evaluation.grid, step) / 1000);
    const { labels, nameDropped } = nameRemoved(evaluation, column.labels);
    return { labels, nameDropped, values, present: column.present };
  });
  return { type: 'vector', columns: mergeColumns(columns) };
}
