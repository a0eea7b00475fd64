import type { BinaryExpr, VectorMatching } from '../language/ast.ts';
import { isComparison } from '../language/operators.ts';
import {
  describeLabels,
  dropLabels,
  keepLabels,
  labelOf,
  withLabel,
  withoutName,
  type LabelSet,
} from '../labels/label-set.ts';
import type { PairFunction } from './binary.ts';
import { LABEL_SET_UNITS } from './budget.ts';
import { executionError, newColumn, presentColumns, type Evaluation } from './evaluation.ts';
import { anyPresent, groupByMatch, MATCH_ALL } from './match-signature.ts';
import { mergeColumns } from './merge-columns.ts';
import type { Column } from './value.ts';

/**
 * Arithmetic or comparison between two vectors, series by series.
 *
 * At every step at which both sides have anything, the one side must be unique per match, and without `group_left` or
 * `group_right` so must the other: a wrong pairing is an error, never a guess.
 */
export async function matchVectors(
  expr: BinaryExpr,
  compute: PairFunction,
  left: readonly Column[],
  right: readonly Column[],
  evaluation: Evaluation,
): Promise<readonly Column[]> {
  const matching = expr.matching ?? MATCH_ALL;
  const isSwapped = matching.many === 'right';
  const [many, one] = isSwapped ? [right, left] : [left, right];
  const pair: PairFunction = isSwapped ? (a, b) => compute(b, a) : compute;
  const { count } = evaluation.grid;
  const anyMany = anyPresent(many, count);
  const oneByMatch = await groupByMatch(one, matching, evaluation.budget);
  const ones = new Map<string, OneSide>();
  for (const [key, group] of oneByMatch) {
    ones.set(key, uniqueSide(group, anyMany, { expr, isSwapped, evaluation }));
  }

  const results: Column[] = [];
  for (const [key, { columns }] of await groupByMatch(many, matching, evaluation.budget)) {
    const side = ones.get(key);
    if (side === undefined) continue;
    // Per result labels, the steps that already have their pair.
    const taken = new Map<string, Uint8Array>();
    for (const column of columns) {
      for (const partner of side.columns) {
        const result = pairColumns(expr, matching, pair, column, partner, taken, evaluation);
        results.push(result);
        if (evaluation.budget.work(LABEL_SET_UNITS + count)) await evaluation.budget.pause();
      }
    }
  }
  return mergeColumns(presentColumns(results));
}

interface OneSide {
  readonly columns: readonly Column[];
}

interface Surroundings {
  readonly expr: BinaryExpr;
  readonly isSwapped: boolean;
  readonly evaluation: Evaluation;
}

function uniqueSide(
  { labels, columns }: { readonly labels: LabelSet; readonly columns: readonly Column[] },
  anyMany: Uint8Array,
  { expr, isSwapped, evaluation }: Surroundings,
): OneSide {
  if (columns.length === 1) return { columns };
  for (const [step, hasMany] of anyMany.entries()) {
    if (hasMany === 0) continue;
    const here = columns.filter(({ present }) => present[step] === 1);
    if (here.length < 2) continue;
    const names = here
      .slice(0, 2)
      .map((column) => describeLabels(column.labels))
      .sort();
    const side = isSwapped ? 'left' : 'right';
    const found = `found duplicate series for the match group ${describeLabels(labels)}`;
    const rule = 'many-to-many matching not allowed: matching labels must be unique on one side';
    const where = `on the ${side} hand-side of the operation: [${names.join(', ')}]`;
    throw executionError(evaluation, expr, `${found} ${where};${rule}`);
  }
  return { columns };
}

function pairColumns(
  expr: BinaryExpr,
  matching: VectorMatching,
  compute: PairFunction,
  many: Column,
  one: Column,
  taken: Map<string, Uint8Array>,
  evaluation: Evaluation,
): Column {
  const isOneToOne = matching.many === 'neither';
  const drops = expr.bool && evaluation.nameRemoval === 'eager';
  const labels = resultLabels(many.labels, one.labels, matching, drops || !isComparison(expr.operator));
  const result = newColumn(evaluation, labels, expr.bool && evaluation.nameRemoval === 'delayed');
  const takenKey = isOneToOne ? '' : labels.key;
  const pairs = taken.get(takenKey) ?? new Uint8Array(evaluation.grid.count);
  taken.set(takenKey, pairs);
  for (const [step, value] of many.values.entries()) {
    if (many.present[step] === 0 || one.present[step] === 0) continue;
    if (pairs[step] === 1) {
      const problem = isOneToOne
        ? 'many-to-one matching must be explicit (group_left/group_right)'
        : 'grouping labels must ensure unique matches';
      throw executionError(evaluation, expr, `multiple matches for labels: ${problem}`);
    }
    pairs[step] = 1;
    const computed = compute(value, one.values[step] as number);
    if (computed === undefined) continue;
    result.present[step] = 1;
    result.values[step] = computed;
  }
  return result;
}

function resultLabels(
  many: LabelSet,
  one: LabelSet,
  { mode, labels, many: grouping, include }: VectorMatching,
  dropsName: boolean,
): LabelSet {
  let result = dropsName ? withoutName(many) : many;
  if (grouping === 'neither') {
    const names = new Set(labels);
    result = mode === 'on' ? keepLabels(result, names) : dropLabels(result, names);
  }
  for (const name of include) result = withLabel(result, name, labelOf(one, name));
  return result;
}
