import type { CallExpr, Expr } from '../language/ast.ts';
import { typeOf } from '../language/value-type.ts';
import { stepTimes } from '../functions/conversions.ts';
import type { WindowFunction } from '../functions/function-row.ts';
import { functionRow } from '../functions/table.ts';
import { isQuantile } from '../numbers/quantile.ts';
import { labelOf, METRIC_NAME } from '../labels/label-set.ts';
import {
  executionError,
  nameRemoved,
  newColumn,
  presentColumns,
  unsupportedError,
  type Evaluation,
} from './evaluation.ts';
import { timeAt } from './grid.ts';
import { mergeColumns } from './merge-columns.ts';
import { matrixOf, scalarOf, vectorOf } from './operand.ts';
import { formatQuantile } from './quantile-warning.ts';
import type { Column, MatrixValue, Value } from './value.ts';
import { windowColumns } from './window-function.ts';

const COUNTER_NAME = /_(?:total|sum|count|bucket)$/;

/** Evaluates a function call by its row in the table. */
export async function evaluateCall(call: CallExpr, evaluation: Evaluation): Promise<Value> {
  const row = functionRow(call.name);
  if (row === undefined) throw executionError(evaluation, call, `unknown function ${call.name}()`);
  if (row.body.kind === 'unsupported')
    throw unsupportedError(evaluation, call, `the function ${call.name}()`);
  if (row.experimental === true && !evaluation.experimental) {
    const remedy = 'experimental, see the option experimental';
    throw unsupportedError(evaluation, call, `the function ${call.name}() (${remedy})`);
  }
  if (row.body.kind === 'whole') return row.body.compute(call, evaluation);
  const parameters = await scalarArguments(call, evaluation);
  switch (row.body.kind) {
    case 'scalar': {
      const { compute } = row.body;
      const values = new Float64Array(evaluation.grid.count);
      for (const step of values.keys()) {
        values[step] = compute(evaluation, timeAt(evaluation.grid, step), ...at(parameters, step));
      }
      return { type: 'scalar', values };
    }
    case 'each': {
      const arg = call.args[0];
      const columns = arg === undefined ? [stepTimes(evaluation)] : await vectorOf(arg, evaluation);
      return { type: 'vector', columns: await eachColumn(columns, row.body.compute, parameters, evaluation) };
    }
    case 'window':
    default: {
      const arg = call.args.find((candidate) => typeOf(candidate) === 'matrix') as Expr;
      const matrix = await matrixOf(arg, evaluation);
      const { compute, name } = row.body;
      const remarking =
        row.remarks === 'counter'
          ? remarkingOnNames(compute, matrix, arg, evaluation)
          : row.remarks === 'quantile'
            ? warningOfQuantile(compute, call, evaluation)
            : compute;
      const columns = await windowColumns(matrix, remarking, parameters, evaluation, name);
      return { type: 'vector', columns };
    }
  }
}

async function scalarArguments(call: CallExpr, evaluation: Evaluation): Promise<readonly Float64Array[]> {
  const parameters: Float64Array[] = [];
  for (const arg of call.args) {
    if (typeOf(arg) === 'scalar') parameters.push(await scalarOf(arg, evaluation));
  }
  return parameters;
}

function at(parameters: readonly Float64Array[], step: number): number[] {
  return parameters.map((parameter) => parameter[step] as number);
}

async function eachColumn(
  columns: readonly Column[],
  compute: (value: number, ...parameters: number[]) => number | undefined,
  parameters: readonly Float64Array[],
  evaluation: Evaluation,
): Promise<readonly Column[]> {
  const results: Column[] = [];
  for (const { labels, values, present } of columns) {
    const renamed = nameRemoved(evaluation, labels);
    const result = newColumn(evaluation, renamed.labels, renamed.nameDropped);
    for (const [step, value] of values.entries()) {
      if (present[step] === 0) continue;
      const computed = compute(value, ...at(parameters, step));
      if (computed === undefined) continue;
      result.present[step] = 1;
      result.values[step] = computed;
    }
    results.push(result);
    if (evaluation.budget.work(values.length)) await evaluation.budget.pause();
  }
  return mergeColumns(presentColumns(results));
}

/** As the function, and warns where it is asked for a quantile that there is none of. Over nothing, nothing is asked. */
function warningOfQuantile(
  compute: WindowFunction,
  call: CallExpr,
  { annotations }: Evaluation,
): WindowFunction {
  const warned = new Set<number>();
  return (window, phi = Number.NaN, ...others) => {
    if (!isQuantile(phi) && !warned.has(phi)) {
      warned.add(phi);
      annotations.warn(formatQuantile(phi), call.args[0] as Expr);
    }
    return compute(window, phi, ...others);
  };
}

/**
 * As the function, and remarks where it answers for something that is not named like a counter: a rate of that is most
 * often a mistake.
 */
function remarkingOnNames(
  compute: WindowFunction,
  { runs }: MatrixValue,
  arg: Expr,
  { annotations }: Evaluation,
): WindowFunction {
  const suspects = new Map<Float64Array, string>();
  for (const { labels, values } of runs) {
    const name = labelOf(labels, METRIC_NAME);
    if (name !== '' && !COUNTER_NAME.test(name)) suspects.set(values, name);
  }
  if (suspects.size === 0) return compute;
  return (window, ...parameters) => {
    const result = compute(window, ...parameters);
    const name = result === undefined ? undefined : suspects.get(window.values);
    if (name !== undefined) {
      suspects.delete(window.values);
      const remark = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket';
      annotations.info(`${remark}: ${JSON.stringify(name)}`, arg);
    }
    return result;
  };
}
