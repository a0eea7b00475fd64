import { PromqlError } from '../errors.ts';
import { withoutName } from '../labels/label-set.ts';
import type { Column, SampleRun } from './value.ts';

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
    if (present[step] === 1) throw sameLabels();
    present[step] = 1;
    values[step] = b.values[step] as number;
  }
  // Whether the name goes is decided by the first step, as in Prometheus.
  const first = a.present.indexOf(1) <= b.present.indexOf(1) ? a : b;
  return { labels: a.labels, nameDropped: first.nameDropped, values, present };
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

/**
 * As {@link removeNames}, of the samples of a subquery.
 *
 * @throws {@link PromqlError} when two series become one.
 */
export function removeRunNames(runs: readonly SampleRun[]): readonly SampleRun[] {
  if (!runs.some((run) => run.nameDropped)) return runs;
  const named = runs.map((run) =>
    run.nameDropped ? { ...run, labels: withoutName(run.labels), nameDropped: false } : run,
  );
  if (new Set(named.map(({ labels }) => labels.key)).size < named.length) throw sameLabels();
  return named;
}

function sameLabels(): PromqlError {
  return new PromqlError('execution', 'vector cannot contain metrics with the same labelset');
}
