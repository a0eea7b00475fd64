import type { AggregateExpr } from '../language/ast.ts';
import { formatGoFloat } from '../language/go-number.ts';
import type { ColumnGroup } from './aggregate.ts';
import { executionError, newColumn, presentColumns, type Evaluation } from './evaluation.ts';
import type { Column } from './value.ts';

/**
 * `topk` and `bottomk`: the k best series of each group at each step, with all their labels.
 *
 * NaN loses to every number; among equals the first of the input wins. An instant result is ordered best first.
 */
export async function selectExtremes(
  operator: 'topk' | 'bottomk',
  ks: Float64Array,
  groups: readonly ColumnGroup[],
  expr: AggregateExpr,
  evaluation: Evaluation,
): Promise<readonly Column[]> {
  for (const k of ks) checkSize(k, expr, evaluation);
  const direction = operator === 'topk' ? -1 : 1;
  const columns: Column[] = [];
  for (const { members } of groups) {
    const results = members.map(({ labels, nameDropped }) => newColumn(evaluation, labels, nameDropped));
    let best: readonly number[] = [];
    // Sorting costs some ten times a visit.
    await evaluation.budget.each(ks.entries(), 10 * members.length, ([step, k]) => {
      best = ranked(members, step, direction).slice(0, Math.max(0, Math.trunc(k)));
      for (const member of best) {
        const result = results[member] as Column;
        result.present[step] = 1;
        result.values[step] = members[member]?.values[step] as number;
      }
    });
    const isInstant = ks.length === 1;
    for (const column of isInstant ? best.map((member) => results[member] as Column) : results) {
      columns.push(column);
    }
  }
  return presentColumns(columns);
}

function checkSize(k: number, expr: AggregateExpr, evaluation: Evaluation): void {
  if (Number.isNaN(k)) throw executionError(evaluation, expr, 'Parameter value is NaN');
  if (Math.abs(k) >= 2 ** 63) {
    throw executionError(evaluation, expr, `Scalar value ${formatGoFloat(k)} overflows int64`);
  }
}

/** Indices of the members with a value at the step, best first. */
function ranked(members: readonly Column[], step: number, direction: 1 | -1): readonly number[] {
  const value = (member: number): number => members[member]?.values[step] as number;
  return [...members.keys()]
    .filter((member) => members[member]?.present[step] === 1)
    .sort((a, b) => {
      const left = value(a);
      const right = value(b);
      if (Number.isNaN(left) || Number.isNaN(right)) {
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
      }
      return left === right ? 0 : direction * (left - right);
    });
}
