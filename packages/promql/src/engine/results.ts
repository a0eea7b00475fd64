import type { Sample, Series } from '@tidewatch/core';
import { PromqlError } from '../errors.ts';
import { compareLabelSets, toLabels } from '../labels/label-set.ts';
import { LABEL_SET_UNITS, type Budget } from './budget.ts';
import { timeAt, type Grid } from './grid.ts';
import { columnSeries } from './point-columns.ts';
import type { Column, MatrixValue, Value } from './value.ts';

/** Remarks beside an answer, in the words of Prometheus. */
export interface Remarks {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** The answer to an instant query, by the type of the expression. */
export type InstantResult = Remarks &
  (
    | { readonly resultType: 'vector'; readonly result: readonly Sample[] }
    | { readonly resultType: 'scalar'; readonly result: { readonly timeMs: number; readonly value: number } }
    | { readonly resultType: 'string'; readonly result: { readonly timeMs: number; readonly value: string } }
    | { readonly resultType: 'matrix'; readonly result: readonly Series[] }
  );

/** The answer to a range query: series in the order of their labels. */
export type RangeResult = Remarks & { readonly resultType: 'matrix'; readonly result: readonly Series[] };

type WithoutRemarks<R> = R extends Remarks ? Omit<R, keyof Remarks> : never;

/** A value at its one step, in the shapes that callers see. */
export async function instantValue(
  value: Value,
  timeMs: number,
  budget: Budget,
): Promise<WithoutRemarks<InstantResult>> {
  switch (value.type) {
    case 'scalar':
      return { resultType: 'scalar', result: { timeMs, value: value.values[0] as number } };
    case 'string':
      return { resultType: 'string', result: { timeMs, value: value.value } };
    case 'vector': {
      const result: Sample[] = [];
      await budget.each(value.columns, LABEL_SET_UNITS, ({ labels, values }) => {
        result.push({ labels: toLabels(labels), timeMs, value: values[0] as number });
      });
      return { resultType: 'vector', result };
    }
    case 'matrix':
    default:
      return { resultType: 'matrix', result: await rawSeries(value, budget) };
  }
}

/** The samples of a range selector themselves. */
async function rawSeries({ runs, rangeMs, endsMs }: MatrixValue, budget: Budget): Promise<readonly Series[]> {
  const endMs = endsMs[0] as number;
  const series: Series[] = [];
  await budget.each(runs.toSorted(byLabels), LABEL_SET_UNITS, ({ labels, times, values }) => {
    let [from, to] = [0, times.length];
    while (from < to && (times[from] as number) <= endMs - rangeMs) from += 1;
    while (to > from && (times[to - 1] as number) > endMs) to -= 1;
    if (from === to) return;
    const columns = { times: times.subarray(from, to), values: values.subarray(from, to) };
    series.push(columnSeries(toLabels(labels), columns));
  });
  return series;
}

/** A value at all steps, as series in the order of their labels. @throws {@link PromqlError} for text and ranges. */
export async function rangeValue(value: Value, grid: Grid, budget: Budget): Promise<readonly Series[]> {
  const times = Float64Array.from({ length: grid.count }, (_, step) => timeAt(grid, step));
  if (value.type === 'vector') {
    const series: Series[] = [];
    await budget.each(value.columns.toSorted(byLabels), LABEL_SET_UNITS, ({ labels, values, present }) => {
      series.push(columnSeries(toLabels(labels), { times, values, present }));
    });
    return series;
  }
  if (value.type !== 'scalar') {
    throw new PromqlError('parse', `invalid expression type "${value.type}" for range query`);
  }
  return [columnSeries({}, { times, values: value.values })];
}

function byLabels(a: Pick<Column, 'labels'>, b: Pick<Column, 'labels'>): number {
  return compareLabelSets(a.labels, b.labels);
}
