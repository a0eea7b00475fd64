import type { CallExpr, Expr } from '../language/ast.ts';
import type { Evaluation } from '../engine/evaluation.ts';
import { stringOf, vectorOf } from '../engine/operand.ts';
import type { Column, VectorValue } from '../engine/value.ts';
import { compareLabelSets, labelOf } from '../labels/label-set.ts';

/** Orders an instant vector by value, NaN last. A range has no order but its labels'. */
export function sortByValue(direction: 1 | -1) {
  return async (call: CallExpr, evaluation: Evaluation): Promise<VectorValue> =>
    ordered(call, evaluation, (a, b) => {
      const left = a.values[0] as number;
      const right = b.values[0] as number;
      if (Number.isNaN(left) || Number.isNaN(right))
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
      return direction * (left - right);
    });
}

/** Orders an instant vector by the named labels, numbers inside them by size. */
export function sortByLabel(direction: 1 | -1) {
  const collator = new Intl.Collator('en', { numeric: true });
  return async (call: CallExpr, evaluation: Evaluation): Promise<VectorValue> => {
    const names = call.args.slice(1).map(stringOf);
    return ordered(call, evaluation, (a, b) => {
      for (const name of names) {
        const order = collator.compare(labelOf(a.labels, name), labelOf(b.labels, name));
        if (order !== 0) return direction * order;
      }
      return direction * compareLabelSets(a.labels, b.labels);
    });
  };
}

async function ordered(
  call: CallExpr,
  evaluation: Evaluation,
  compare: (a: Column, b: Column) => number,
): Promise<VectorValue> {
  const columns = await vectorOf(call.args[0] as Expr, evaluation);
  if (evaluation.grid.count === 1) return { type: 'vector', columns: [...columns].sort(compare) };
  const problem = 'sort is ineffective for range queries since results are always ordered by labels';
  evaluation.annotations.warn(problem, call);
  return { type: 'vector', columns };
}
