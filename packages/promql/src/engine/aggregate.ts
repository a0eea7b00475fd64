import type { AggregateExpr, Grouping } from '../language/ast.ts';
import { dropLabels, keepLabels, METRIC_NAME, NO_LABELS, type LabelSet } from '../labels/label-set.ts';
import { LABEL_SET_UNITS } from './budget.ts';
import { foldOf } from './aggregation-folds.ts';
import { countValues } from './count-values.ts';
import { newColumn, unsupportedError, type Evaluation } from './evaluation.ts';
import { scalarOf, stringOf, vectorOf } from './operand.ts';
import { runningFold } from './running-folds.ts';
import { selectExtremes } from './select-extremes.ts';
import type { Column, VectorValue } from './value.ts';

/** The columns of one group, in the order of the input. */
export interface ColumnGroup {
  readonly labels: LabelSet;
  readonly nameDropped: boolean;
  readonly members: Column[];
}

/** Evaluates an aggregation over series. */
export async function evaluateAggregate(expr: AggregateExpr, evaluation: Evaluation): Promise<VectorValue> {
  const { operator, parameter } = expr;
  if (operator === 'limitk' || operator === 'limit_ratio') {
    throw unsupportedError(evaluation, expr, `the aggregation ${operator}`);
  }
  if (operator === 'count_values') {
    const label = stringOf(parameter);
    const columns = await countValues(label, await vectorOf(expr.expr, evaluation), expr, evaluation);
    return { type: 'vector', columns };
  }
  const parameters = parameter === undefined ? undefined : await scalarOf(parameter, evaluation);
  const groups = await groupColumns(await vectorOf(expr.expr, evaluation), expr.grouping, evaluation);
  if (operator === 'topk' || operator === 'bottomk') {
    const columns = await selectExtremes(
      operator,
      parameters ?? new Float64Array(),
      groups,
      expr,
      evaluation,
    );
    return { type: 'vector', columns };
  }
  return { type: 'vector', columns: await foldGroups(expr, parameters, groups, evaluation) };
}

/** Groups in order of first appearance. */
async function groupColumns(
  columns: readonly Column[],
  grouping: Grouping | undefined,
  { budget }: Evaluation,
): Promise<readonly ColumnGroup[]> {
  const labelsOf = groupLabels(grouping);
  const groups = new Map<string, { labels: LabelSet; nameDropped: boolean; members: Column[] }>();
  await budget.each(columns, LABEL_SET_UNITS, (column) => {
    const labels = labelsOf(column.labels);
    const group = groups.get(labels.key) ?? { labels, nameDropped: false, members: [] };
    group.nameDropped ||= column.nameDropped;
    group.members.push(column);
    groups.set(labels.key, group);
  });
  return [...groups.values()];
}

/** `by` keeps the name when asked to, `without` never does. */
export function groupLabels(grouping: Grouping | undefined): (labels: LabelSet) => LabelSet {
  if (grouping === undefined) return () => NO_LABELS;
  if (grouping.mode === 'by') {
    const kept = new Set(grouping.labels);
    return (labels) => keepLabels(labels, kept);
  }
  const dropped = new Set([...grouping.labels, METRIC_NAME]);
  return (labels) => dropLabels(labels, dropped);
}

async function foldGroups(
  expr: AggregateExpr,
  parameters: Float64Array | undefined,
  groups: readonly ColumnGroup[],
  evaluation: Evaluation,
): Promise<readonly Column[]> {
  const fold = foldOf(expr, parameters, evaluation);
  // A quantile sorts, which costs some ten times a visit.
  const unitsOfMember = expr.operator === 'quantile' ? 10 : 1;
  const columns: Column[] = [];
  for (const { labels, nameDropped, members } of groups) {
    const column = newColumn(evaluation, labels, nameDropped);
    columns.push(column);
    const running = runningFold(expr.operator, column);
    if (running !== undefined) {
      await evaluation.budget.each(members, column.values.length, (member) => running.take(member));
      running.finish();
      continue;
    }
    const gathered = new Float64Array(members.length);
    await evaluation.budget.each(column.present.keys(), unitsOfMember * members.length, (step) => {
      let count = 0;
      for (const { present, values } of members) {
        if (present[step] === 0) continue;
        gathered[count] = values[step] as number;
        count += 1;
      }
      if (count === 0) return;
      column.present[step] = 1;
      column.values[step] = fold(gathered, count, step);
    });
  }
  return columns;
}
