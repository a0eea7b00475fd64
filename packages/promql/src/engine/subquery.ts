import type { Subquery } from '../language/ast.ts';
import { PromqlError } from '../errors.ts';
import { executionError, type Evaluation } from './evaluation.ts';
import { timeAt, type Grid } from './grid.ts';
import { rangeMs, referenceTimes } from './selector.ts';
import type { Column, MatrixValue, SampleRun } from './value.ts';

/** Evaluates the inner expression once over all windows, then hands its values on as samples. */
export async function evaluateSubquery(subquery: Subquery, evaluation: Evaluation): Promise<MatrixValue> {
  const length = rangeMs(subquery.range, evaluation);
  const stepMs = subquery.step === undefined ? evaluation.subqueryStepMs : rangeMs(subquery.step, evaluation);
  const endsMs = referenceTimes(subquery, evaluation);
  const grid = alignedGrid((endsMs[0] as number) - length, endsMs.at(-1) as number, stepMs);
  if (grid.count > 10 * evaluation.maxSteps) {
    const limit = `the subquery has ${grid.count} steps, the limit is ${10 * evaluation.maxSteps}`;
    throw new PromqlError('limit', `${limit}; use a longer step or a shorter range`);
  }
  if (grid.count <= 0) return { type: 'matrix', runs: [], rangeMs: length, endsMs };
  const inner = await evaluation.evaluate(subquery.expr, { ...evaluation, grid });
  if (inner.type !== 'vector') throw executionError(evaluation, subquery, 'subquery needs an instant vector');
  const runs: SampleRun[] = [];
  await evaluation.budget.each(inner.columns, 4 * grid.count, (column) => runs.push(toRun(column, grid)));
  return { type: 'matrix', runs, rangeMs: length, endsMs };
}

/**
 * Steps at whole multiples of the step since the epoch, the first after `fromMs`.
 *
 * So neighbouring evaluations share their inner points, and `[5m:1m]` always has five.
 */
function alignedGrid(fromMs: number, toMs: number, stepMs: number): Grid {
  const startMs = Math.floor(fromMs / stepMs) * stepMs + stepMs;
  return { startMs, stepMs, count: Math.floor((toMs - startMs) / stepMs) + 1 };
}

function toRun({ labels, nameDropped, values, present }: Column, grid: Grid): SampleRun {
  const times = new Float64Array(grid.count);
  const kept = new Float64Array(grid.count);
  let count = 0;
  for (let step = 0; step < grid.count; step++) {
    if (present[step] !== 1) continue;
    times[count] = timeAt(grid, step);
    kept[count] = values[step] as number;
    count += 1;
  }
  return { labels, nameDropped, times: times.subarray(0, count), values: kept.subarray(0, count) };
}
