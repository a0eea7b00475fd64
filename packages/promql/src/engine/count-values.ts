import type { AggregateExpr } from '../language/ast.ts';
import { formatGoFixed } from '../language/go-number.ts';
import { withLabel } from '../labels/label-set.ts';
import { groupLabels } from './aggregate.ts';
import { LABEL_SET_UNITS } from './budget.ts';
import { executionError, newColumn, type Evaluation } from './evaluation.ts';
import type { Column } from './value.ts';

/** `count_values("label", v)`: how many series of a group have each value, the value written into the label. */
export async function countValues(
  label: string,
  columns: readonly Column[],
  expr: AggregateExpr,
  evaluation: Evaluation,
): Promise<readonly Column[]> {
  if (label === '' || label.includes('\uFFFD')) {
    throw executionError(evaluation, expr, `invalid label name ${JSON.stringify(label)} in count_values()`);
  }
  const { grouping } = expr;
  const labelsOf = groupLabels(grouping);
  const counts = new Map<string, Column>();
  for (const column of columns) {
    await evaluation.budget.each(column.values.entries(), LABEL_SET_UNITS, ([step, value]) => {
      if (column.present[step] === 0) return;
      const text = formatGoFixed(value);
      // `without` may name the new label and so lose it; every other grouping keeps it.
      const counted =
        grouping?.mode === 'without'
          ? labelsOf(withLabel(column.labels, label, text))
          : withLabel(labelsOf(column.labels), label, text);
      const count = counts.get(counted.key) ?? newColumn(evaluation, counted);
      counts.set(counted.key, count);
      count.present[step] = 1;
      count.values[step] = (count.values[step] as number) + 1;
    });
  }
  return [...counts.values()];
}
