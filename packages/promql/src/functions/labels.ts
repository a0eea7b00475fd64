import type { CallExpr, Expr } from '../language/ast.ts';
import { LABEL_SET_UNITS } from '../engine/budget.ts';
import { executionError, type Evaluation } from '../engine/evaluation.ts';
import { mergeColumns } from '../engine/merge-columns.ts';
import { stringOf, vectorOf } from '../engine/operand.ts';
import type { Column, VectorValue } from '../engine/value.ts';
import { labelOf, METRIC_NAME, withLabel } from '../labels/label-set.ts';
import { compileRegExp, type AnchoredRegExp, type RegExpGroups } from '../labels/regexp.ts';

/** Of compiling one instruction, and of a match with its groups, which visits each for every character. */
const COMPILE_UNITS = 50;
const MATCH_UNITS = 100;

/** `label_replace(v, dst, replacement, src, regex)`: sets `dst` where all of `src` matches. */
export async function labelReplace(call: CallExpr, evaluation: Evaluation): Promise<VectorValue> {
  const [vector, ...texts] = call.args as [Expr, ...Expr[]];
  const [target = '', replacement = '', source = '', pattern = ''] = texts.map(stringOf);
  let regexp: AnchoredRegExp;
  try {
    regexp = compileRegExp(pattern);
  } catch {
    throw executionError(evaluation, call, `invalid regular expression in label_replace(): ${pattern}`);
  }
  requireLabelName(target, 'destination', call, evaluation);
  const { budget } = evaluation;
  if (budget.work(COMPILE_UNITS * regexp.size)) await budget.pause();
  const columns: Column[] = [];
  const units = LABEL_SET_UNITS + MATCH_UNITS * (regexp.size + 1);
  await budget.each(await vectorOf(vector, evaluation), units, (column) => {
    const groups = regexp.groups(labelOf(column.labels, source));
    columns.push(groups === undefined ? column : relabelled(column, target, expand(replacement, groups)));
  });
  return { type: 'vector', columns: mergeColumns(columns) };
}

/** `label_join(v, dst, separator, src…)`: sets `dst` to the values of the sources in order. */
export async function labelJoin(call: CallExpr, evaluation: Evaluation): Promise<VectorValue> {
  const [vector, ...texts] = call.args as [Expr, ...Expr[]];
  const [target = '', separator = '', ...sources] = texts.map(stringOf);
  for (const source of sources) requireLabelName(source, 'source', call, evaluation);
  requireLabelName(target, 'destination', call, evaluation);
  const columns: Column[] = [];
  await evaluation.budget.each(await vectorOf(vector, evaluation), LABEL_SET_UNITS, (column) => {
    const joined = sources.map((source) => labelOf(column.labels, source)).join(separator);
    columns.push(relabelled(column, target, joined));
  });
  return { type: 'vector', columns: mergeColumns(columns) };
}

function relabelled(column: Column, target: string, value: string): Column {
  const nameDropped = target === METRIC_NAME ? false : column.nameDropped;
  return { ...column, labels: withLabel(column.labels, target, value), nameDropped };
}

/** Any UTF-8 text names a label, but not no text. */
function requireLabelName(name: string, role: string, call: CallExpr, evaluation: Evaluation): void {
  if (name !== '' && !name.includes('\uFFFD')) return;
  throw executionError(evaluation, call, `invalid ${role} label name in ${call.name}(): ${name}`);
}

/**
 * Go's template syntax: `$1`, `${1}`, `$name`, `$$`. The longest run of word characters is the name, so `$1_total` asks
 * for a group named `1_total` and finds nothing.
 *
 * @see https://pkg.go.dev/regexp#Regexp.Expand
 */
function expand(template: string, { numbered, named }: RegExpGroups): string {
  return template.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare ?? '';
    return /^\d+$/.test(name) ? (numbered[Number(name)] ?? '') : (named.get(name) ?? '');
  });
}
