import { withoutParens, type CallExpr, type Expr, type LabelMatcher } from '../language/ast.ts';
import { newColumn, presentColumns, type Evaluation } from '../engine/evaluation.ts';
import { windowColumns } from '../engine/window-function.ts';
import { matrixOf, vectorOf } from '../engine/operand.ts';
import type { Column, VectorValue } from '../engine/value.ts';
import { labelSet, METRIC_NAME, type LabelSet } from '../labels/label-set.ts';

/** 1 at every step at which the vector is empty. */
export async function absent(call: CallExpr, evaluation: Evaluation): Promise<VectorValue> {
  const arg = call.args[0] as Expr;
  return whereEmpty(await vectorOf(arg, evaluation), arg, evaluation);
}

/** 1 at every step at which no series has a sample in its window. */
export async function absentOverTime(call: CallExpr, evaluation: Evaluation): Promise<VectorValue> {
  const arg = call.args[0] as Expr;
  const matrix = await matrixOf(arg, evaluation);
  // With their names: two metrics may have equal labels otherwise.
  return whereEmpty(await windowColumns(matrix, () => 1, [], evaluation, 'keeps'), arg, evaluation);
}

async function whereEmpty(
  columns: readonly Column[],
  arg: Expr,
  evaluation: Evaluation,
): Promise<VectorValue> {
  const column = newColumn(evaluation, labelsOfAbsence(arg));
  await evaluation.budget.each(column.present.keys(), columns.length, (step) => {
    if (columns.some(({ present }) => present[step] === 1)) return;
    column.present[step] = 1;
    column.values[step] = 1;
  });
  return { type: 'vector', columns: presentColumns([column]) };
}

/** What the missing series would surely carry: labels with exactly one matcher, an equality. */
function labelsOfAbsence(arg: Expr): LabelSet {
  const expr = withoutParens(arg);
  let matchers: readonly LabelMatcher[] = [];
  if (expr.kind === 'selector') ({ matchers } = expr);
  if (expr.kind === 'range') ({ matchers } = expr.selector);
  const known = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, operator, value } of matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === '=' && !seen.has(name)) known.set(name, value);
    else known.delete(name);
    seen.add(name);
  }
  return labelSet(known);
}
