import type { WindowFunction } from '../functions/function-row.ts';
import { SampleWindow } from '../functions/sample-window.ts';
import { LABEL_SET_UNITS } from './budget.ts';
import { nameRemoved, newColumn, presentColumns, type Evaluation } from './evaluation.ts';
import { timeAt } from './grid.ts';
import { mergeColumns } from './merge-columns.ts';
import type { Column, MatrixValue, SampleRun } from './value.ts';

/**
 * Applies a function to the window of each series at each step. A window without samples has no result.
 *
 * @param parameters - The scalar arguments, one number a step each.
 * @param name - Whether the result is still a value of the same metric.
 */
export async function windowColumns(
  matrix: MatrixValue,
  compute: WindowFunction,
  parameters: readonly Float64Array[],
  evaluation: Evaluation,
  name: 'drops' | 'keeps' = 'drops',
): Promise<readonly Column[]> {
  const columns: Column[] = [];
  for (const run of matrix.runs) {
    const renamed = name === 'drops' || run.nameDropped;
    const { labels, nameDropped } = renamed
      ? nameRemoved(evaluation, run.labels)
      : { labels: run.labels, nameDropped: false };
    const column = newColumn(evaluation, labels, nameDropped);
    const visited = slide(column, run, matrix, compute, parameters, evaluation);
    columns.push(column);
    if (evaluation.budget.work(LABEL_SET_UNITS + visited)) await evaluation.budget.pause();
  }
  return mergeColumns(presentColumns(columns));
}

/** Moves the window along the samples: both of its ends only ever go forward. Answers how many samples it saw. */
function slide(
  column: Column,
  { times, values }: SampleRun,
  { rangeMs, endsMs }: MatrixValue,
  compute: WindowFunction,
  parameters: readonly Float64Array[],
  { grid }: Evaluation,
): number {
  const window = new SampleWindow(times, values);
  let visited = 0;
  for (let step = 0; step < endsMs.length; step++) {
    const endMs = endsMs[step] as number;
    window.endMs = endMs;
    window.startMs = endMs - rangeMs;
    window.stepMs = timeAt(grid, step);
    while (window.to < times.length && (times[window.to] as number) <= endMs) window.to += 1;
    while (window.from < window.to && (times[window.from] as number) <= window.startMs) window.from += 1;
    visited += window.to - window.from + 1;
    if (window.from === window.to) continue;
    const result =
      parameters.length === 0
        ? compute(window)
        : compute(window, ...parameters.map((parameter) => parameter[step] as number));
    if (result === undefined) continue;
    column.present[step] = 1;
    column.values[step] = result;
  }
  return visited;
}
