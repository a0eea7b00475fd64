import type { VectorMatching } from '../language/ast.ts';
import { dropLabels, keepLabels, METRIC_NAME, type LabelSet } from '../labels/label-set.ts';
import { LABEL_SET_UNITS, type Budget } from './budget.ts';
import type { Column } from './value.ts';

/** Two vectors without `on` or `ignoring` match on all labels but the name. */
export const MATCH_ALL: VectorMatching = { mode: 'ignoring', labels: [], many: 'neither', include: [] };

/** The labels by which a series finds its partner: those of `on`, or all but the name and those of `ignoring`. */
export function matchLabels({ mode, labels }: VectorMatching): (set: LabelSet) => LabelSet {
  if (mode === 'on') {
    const wanted = new Set(labels);
    return (set) => keepLabels(set, wanted);
  }
  const ignored = new Set([...labels, METRIC_NAME]);
  return (set) => dropLabels(set, ignored);
}

/** Columns by the key of their match labels, in order of first appearance. */
export async function groupByMatch(
  columns: readonly Column[],
  matching: VectorMatching,
  budget: Budget,
): Promise<ReadonlyMap<string, { readonly labels: LabelSet; readonly columns: Column[] }>> {
  const labelsOf = matchLabels(matching);
  const groups = new Map<string, { labels: LabelSet; columns: Column[] }>();
  await budget.each(columns, LABEL_SET_UNITS, (column) => {
    const labels = labelsOf(column.labels);
    const group = groups.get(labels.key);
    if (group === undefined) groups.set(labels.key, { labels, columns: [column] });
    else group.columns.push(column);
  });
  return groups;
}

/** 1 at every step at which any of the columns has a value. */
export function anyPresent(columns: readonly Column[], count: number): Uint8Array {
  const any = new Uint8Array(count);
  for (const { present } of columns) {
    for (const [step, has] of present.entries()) any[step] = (any[step] as number) | has;
  }
  return any;
}
