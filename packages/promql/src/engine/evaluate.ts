import type { Expr } from '../language/ast.ts';
import { evaluateAggregate } from './aggregate.ts';
import { evaluateBinary } from './binary.ts';
import { LABEL_SET_UNITS } from './budget.ts';
import { evaluateCall } from './call.ts';
import { nameRemoved, type Evaluation } from './evaluation.ts';
import { mergeColumns } from './merge-columns.ts';
import { selectInstant, selectRange } from './selector.ts';
import { evaluateSubquery } from './subquery.ts';
import type { Column, Value } from './value.ts';

/** Evaluates one node of the tree at all steps of the grid at once. */
export async function evaluate(expr: Expr, evaluation: Evaluation): Promise<Value> {
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', values: new Float64Array(evaluation.grid.count).fill(expr.value) };
    case 'string':
      return { type: 'string', value: expr.value };
    case 'paren':
      return evaluate(expr.expr, evaluation);
    case 'selector':
      return selectInstant(expr, evaluation);
    case 'range':
      return selectRange(expr, evaluation);
    case 'subquery':
      return evaluateSubquery(expr, evaluation);
    case 'unary': {
      const value = await evaluate(expr.expr, evaluation);
      return expr.operator === '-' ? negated(value, evaluation) : value;
    }
    case 'binary':
      return evaluateBinary(expr, evaluation);
    case 'aggregate':
      return evaluateAggregate(expr, evaluation);
    case 'call':
    default:
      return evaluateCall(expr, evaluation);
  }
}

async function negated(value: Value, evaluation: Evaluation): Promise<Value> {
  if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((number) => -number) };
  if (value.type !== 'vector') return value;
  const { budget, grid } = evaluation;
  const columns: Column[] = [];
  await budget.each(value.columns, LABEL_SET_UNITS + grid.count, (column) => {
    budget.take(grid.count);
    const values = column.values.map((number) => -number);
    columns.push({ ...column, ...nameRemoved(evaluation, column.labels), values });
  });
  return { type: 'vector', columns: mergeColumns(columns) };
}
