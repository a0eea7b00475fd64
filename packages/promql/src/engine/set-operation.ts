import type { SetOperator, VectorMatching } from '../language/ast.ts';
import { presentColumns } from './evaluation.ts';
import { anyPresent, groupByMatch, MATCH_ALL, matchLabels } from './match-signature.ts';
import { mergeColumns } from './merge-columns.ts';
import type { Column } from './value.ts';

/**
 * `and`, `or` and `unless`: which series are there decides, their values do not.
 */
export function combineSets(
  operator: SetOperator,
  left: readonly Column[],
  right: readonly Column[],
  matching: VectorMatching = MATCH_ALL,
): readonly Column[] {
  switch (operator) {
    case 'and':
      return masked(left, right, matching, 'where present');
    case 'unless':
      return masked(left, right, matching, 'where absent');
    case 'or':
    default:
      return mergeColumns([...left, ...masked(right, left, matching, 'where absent')]);
  }
}

/** The columns at those steps at which a partner in `others` has a value, or has none. */
function masked(
  columns: readonly Column[],
  others: readonly Column[],
  matching: VectorMatching,
  keep: 'where present' | 'where absent',
): readonly Column[] {
  const labelsOf = matchLabels(matching);
  const presentByKey = new Map<string, Uint8Array>();
  for (const [key, group] of groupByMatch(others, matching)) {
    presentByKey.set(key, anyPresent(group.columns, group.columns[0]?.present.length ?? 0));
  }
  const wanted = keep === 'where present' ? 1 : 0;
  const results = columns.map((column) => {
    const partner = presentByKey.get(labelsOf(column.labels).key);
    const present = column.present.map((has, step) => ((partner?.[step] ?? 0) === wanted ? has : 0));
    return { ...column, present };
  });
  return presentColumns(results);
}
