import { allMatchers } from '../language/ast.ts';
import type { Expr, MatrixSelector, TimeModifiers, VectorSelector } from '../language/ast.ts';
import { durationSeconds, isPlainDuration } from '../language/duration-expr.ts';
import {
  executionError,
  newColumn,
  presentColumns,
  unsupportedError,
  type Evaluation,
} from './evaluation.ts';
import { timeAt } from './grid.ts';
import type { SelectedSeries } from './sample-source.ts';
import type { Column, MatrixValue, SampleRun, VectorValue } from './value.ts';

/** Milliseconds of a duration within the query. Arithmetic in durations is experimental. */
function durationMs(expr: Expr, evaluation: Evaluation): number {
  if (!isPlainDuration(expr) && !evaluation.experimental) {
    throw unsupportedError(
      evaluation,
      expr,
      'a duration expression (experimental, see the option experimental)',
    );
  }
  const { startMs, endMs, stepMs } = evaluation.query;
  const scope = { stepSeconds: stepMs / 1000, rangeSeconds: (endMs - startMs) / 1000 };
  return Math.round(durationSeconds(expr, scope) * 1000);
}

/** A positive length for brackets. */
export function rangeMs(expr: Expr, evaluation: Evaluation): number {
  const ms = durationMs(expr, evaluation);
  if (!(ms > 0)) throw executionError(evaluation, expr, 'duration must be greater than 0');
  return ms;
}

/** For each step the time that a selector looks at: moved by `offset`, or fixed by `@`. */
export function referenceTimes({ offset, at }: TimeModifiers, evaluation: Evaluation): Float64Array {
  const { grid, query } = evaluation;
  const offsetMs = offset === undefined ? 0 : durationMs(offset, evaluation);
  const fixedMs = typeof at === 'object' ? at.atMs : at === 'start' ? query.startMs : query.endMs;
  const times = new Float64Array(grid.count);
  for (let step = 0; step < grid.count; step++) {
    times[step] = (at === undefined ? timeAt(grid, step) : fixedMs) - offsetMs;
  }
  return times;
}

/**
 * The newest sample of each series at each step, at most the lookback old.
 *
 * Left-open: a sample of exactly that age is too old. A stale mark as the newest means the series has ended.
 *
 * @param content - `value`, or `time` for the sample's own time in seconds.
 */
export async function selectInstant(
  selector: VectorSelector,
  evaluation: Evaluation,
  content: 'value' | 'time' = 'value',
): Promise<VectorValue> {
  const times = referenceTimes(selector, evaluation);
  const columns: Column[] = [];
  await select(selector, times, evaluation.lookbackMs, evaluation, (series) => {
    const column = newColumn(evaluation, series.labels);
    fillInstant(column, series, times, evaluation.lookbackMs, content);
    columns.push(column);
  });
  return { type: 'vector', columns: presentColumns(columns) };
}

function fillInstant(
  column: Column,
  series: SelectedSeries,
  references: Float64Array,
  lookbackMs: number,
  content: 'value' | 'time',
): void {
  const { times, values, stale } = series;
  let after = 0;
  for (let step = 0; step < references.length; step++) {
    const reference = references[step] as number;
    while (after < times.length && (times[after] as number) <= reference) after += 1;
    const newest = after - 1;
    if (newest < 0 || stale?.[newest] === 1) continue;
    const time = times[newest] as number;
    if (time <= reference - lookbackMs) continue;
    column.present[step] = 1;
    column.values[step] = content === 'value' ? (values[newest] as number) : time / 1000;
  }
}

/** All samples of each series in the window of each step. */
export async function selectRange(
  { selector, range }: MatrixSelector,
  evaluation: Evaluation,
): Promise<MatrixValue> {
  const length = rangeMs(range, evaluation);
  const endsMs = referenceTimes(selector, evaluation);
  const runs: SampleRun[] = [];
  await select(selector, endsMs, length, evaluation, (series) => {
    const run = withoutStale(series);
    if (run.times.length > 0) runs.push(run);
  });
  return { type: 'matrix', runs, rangeMs: length, endsMs };
}

async function select(
  selector: VectorSelector,
  ends: Float64Array,
  lengthMs: number,
  { source, budget }: Evaluation,
  visit: (series: SelectedSeries) => void,
): Promise<void> {
  // Ends never fall from one step to the next.
  const fromMs = (ends[0] as number) - lengthMs;
  const toMs = ends.at(-1) as number;
  const selected = source.select(allMatchers(selector), fromMs, toMs, { pause: () => budget.pause() });
  const take = (series: SelectedSeries): boolean => {
    budget.take(series.times.length);
    visit(series);
    return budget.work(READ_UNITS + ends.length + series.times.length);
  };
  // What is in memory is not worth a turn of the microtasks a series.
  if (Symbol.asyncIterator in selected) {
    for await (const series of selected) if (take(series)) await budget.pause();
  } else {
    for (const series of selected) if (take(series)) await budget.pause();
  }
}

/** Finding one series and making room for it, whatever its length. */
const READ_UNITS = 100;

function withoutStale({ labels, times, values, stale }: SelectedSeries): SampleRun {
  if (stale === undefined) return { labels, nameDropped: false, times, values };
  const freshTimes = new Float64Array(times.length);
  const freshValues = new Float64Array(times.length);
  let count = 0;
  for (let at = 0; at < times.length; at++) {
    if (stale[at] === 1) continue;
    freshTimes[count] = times[at] as number;
    freshValues[count] = values[at] as number;
    count += 1;
  }
  return {
    labels,
    nameDropped: false,
    times: freshTimes.subarray(0, count),
    values: freshValues.subarray(0, count),
  };
}
