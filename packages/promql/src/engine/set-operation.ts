import type { SetOperator, VectorMatching } from '../language/ast.ts';
import { LABEL_SET_UNITS } from './budget.ts';
import { presentColumns, type Evaluation } from './evaluation.ts';
import { anyPresent, groupByMatch, MATCH_ALL, matchLabels } from './match-signature.ts';
import { mergeColumns } from './merge-columns.ts';
import type { Column } from './value.ts';

/**
 * `and`, `or` and `unless`: which series are there decides, their values do not.
 */
export async function combineSets(
  operator: SetOperator,
  left: readonly Column[],
  right: readonly Column[],
  matching: VectorMatching | undefined,
  evaluation: Evaluation,
): Promise<readonly Column[]> {
  switch (operator) {
    case 'and':
      return masked(left, right, matching, 'where present', evaluation);
    case 'unless':
      return masked(left, right, matching, 'where absent', evaluation);
    case 'or':
    default:
      return mergeColumns([...left, ...(await masked(right, left, matching, 'where absent', evaluation))]);
  }
}

/** The columns at those steps at which a partner in `others` has a value, or has none. */
async function masked(
  columns: readonly Column[],
  others: readonly Column[],
  matching: VectorMatching = MATCH_ALL,
  keep: 'where present' | 'where absent',
  { budget, grid }: Evaluation,
): Promise<readonly Column[]> {
  const labelsOf = matchLabels(matching);
  const presentByKey = new Map<string, Uint8Array>();
  for (const [key, group] of await groupByMatch(others, matching, budget)) {
    presentByKey.set(key, anyPresent(group.columns, grid.count));
  }
  const wanted = keep === 'where present' ? 1 : 0;
  const results: Column[] = [];
  await budget.each(columns, LABEL_SET_UNITS + grid.count, (column) => {
    const partner = presentByKey.get(labelsOf(column.labels).key);
    const present = column.present.map((has, step) => ((partner?.[step] ?? 0) === wanted ? has : 0));
    results.push({ ...column, present });
  });
  return presentColumns(results);
}
