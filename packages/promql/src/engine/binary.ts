import { ARITHMETIC } from '../language/arithmetic.ts';
import type { BinaryExpr, ComparisonOperator, SetOperator } from '../language/ast.ts';
import { isComparison, isSetOperator } from '../language/operators.ts';
import { LABEL_SET_UNITS } from './budget.ts';
import { executionError, nameRemoved, newColumn, presentColumns, type Evaluation } from './evaluation.ts';
import { mergeColumns } from './merge-columns.ts';
import { combineSets } from './set-operation.ts';
import type { Column, Value } from './value.ts';
import { matchVectors } from './vector-matching.ts';

/** What one pair of numbers yields; `undefined` when a filter removes it. */
export type PairFunction = (left: number, right: number) => number | undefined;

/** Evaluates a binary operator over any two operands. */
export async function evaluateBinary(expr: BinaryExpr, evaluation: Evaluation): Promise<Value> {
  const left = await evaluation.evaluate(expr.left, evaluation);
  const right = await evaluation.evaluate(expr.right, evaluation);
  const { operator, bool } = expr;
  if (left.type === 'vector' && right.type === 'vector') {
    const columns = isSetOperator(operator)
      ? await combineSets(operator, left.columns, right.columns, expr.matching, evaluation)
      : await matchVectors(expr, pairFunction(operator, bool), left.columns, right.columns, evaluation);
    return { type: 'vector', columns };
  }
  if (isSetOperator(operator))
    throw executionError(evaluation, expr, `${operator} needs two instant vectors`);
  const compute = pairFunction(operator, bool);
  if (left.type === 'scalar' && right.type === 'scalar') {
    const values = left.values.map(
      (value, step) => compute(value, right.values[step] as number) ?? Number.NaN,
    );
    return { type: 'scalar', values };
  }
  if (left.type === 'vector' && right.type === 'scalar') {
    return withScalar(expr, left.columns, right.values, compute, evaluation);
  }
  if (left.type === 'scalar' && right.type === 'vector') {
    // A filter keeps the vector's value, also when it stands on the right.
    const isFilter = isComparison(operator) && !bool;
    const swapped: PairFunction = isFilter
      ? (value, scalar) => (compute(scalar, value) === undefined ? undefined : value)
      : (value, scalar) => compute(scalar, value);
    return withScalar(expr, right.columns, left.values, swapped, evaluation);
  }
  throw executionError(
    evaluation,
    expr,
    'binary expression must contain only scalar and instant vector types',
  );
}

function pairFunction(operator: Exclude<BinaryExpr['operator'], SetOperator>, bool: boolean): PairFunction {
  if (!isComparison(operator)) return ARITHMETIC[operator];
  const holds = COMPARISONS[operator];
  if (bool) return (left, right) => (holds(left, right) ? 1 : 0);
  return (left, right) => (holds(left, right) ? left : undefined);
}

/** NaN equals nothing, not even itself. */
const COMPARISONS: Readonly<Record<ComparisonOperator, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** Whether the result is no longer a value of the metric: everything but a filter. */
function changesMeaning({ operator, bool }: BinaryExpr): boolean {
  return bool || !isComparison(operator);
}

async function withScalar(
  expr: BinaryExpr,
  columns: readonly Column[],
  scalars: Float64Array,
  compute: PairFunction,
  evaluation: Evaluation,
): Promise<Value> {
  const results: Column[] = [];
  await evaluation.budget.each(columns, LABEL_SET_UNITS + scalars.length, (column) => {
    const renamed = changesMeaning(expr) ? nameRemoved(evaluation, column.labels) : column;
    const result = newColumn(evaluation, renamed.labels, renamed.nameDropped);
    for (const [step, value] of column.values.entries()) {
      if (column.present[step] === 0) continue;
      const computed = compute(value, scalars[step] as number);
      if (computed === undefined) continue;
      result.present[step] = 1;
      result.values[step] = computed;
    }
    results.push(result);
  });
  return { type: 'vector', columns: mergeColumns(presentColumns(results)) };
}
