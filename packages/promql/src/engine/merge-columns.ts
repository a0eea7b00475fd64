import { PromqlError } from '../errors.ts';
import { withoutName } from '../labels/label-set.ts';
import type { Column } from './value.ts';

/**
 * Joins columns with equal labels, which may not have a value at the same step.
 *
 * @throws {@link PromqlError} when they do: one series cannot have two values.
 */
export function mergeColumns(columns: readonly Column[]): readonly Column[] {
  const byKey = new Map<string, Column>();
  for (const column of columns) {
    const { key } = column.labels;
    const earlier = byKey.get(key);
    byKey.set(key, earlier === undefined ? column : join(earlier, column));
  }
  return byKey.size === columns.length ? columns : [...byKey.values()];
}

function join(a: Column, b: Column): Column {
  const values = a.values.slice();
  const present = a.present.slice();
  for (const [step, has] of b.present.entries()) {
    if (has === 0) continue;
    if (present[step] === 1) {
      throw new PromqlError('execution', 'vector cannot contain metrics with the same labelset');
    }
    present[step] = 1;
    values[step] = b.values[step] as number;
  }
  return { labels: a.labels, nameDropped: a.nameDropped || b.nameDropped, values, present };
}

/** Takes away the names that functions marked for removal, at the end of a query. */
export function removeNames(columns: readonly Column[]): readonly Column[] {
  if (!columns.some((column) => column.nameDropped)) return columns;
  return mergeColumns(
    columns.map((column) =>
      column.nameDropped ? { ...column, labels: withoutName(column.labels), nameDropped: false } : column,
    ),
  );
}
