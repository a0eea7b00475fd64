import type { Sample, Series } from '@tidewatch/core';
import { PromqlError } from '../errors.ts';
import { compareLabelSets, toLabels } from '../labels/label-set.ts';
import { LABEL_SET_UNITS, type Budget } from './budget.ts';
import { timeAt, type Grid } from './grid.ts';
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
  const inWindow = (timeMs: number): boolean => timeMs > endMs - rangeMs && timeMs <= endMs;
  const series: Series[] = [];
  for (const { labels, times, values } of runs.toSorted(byLabels)) {
    const points = [...times]
      .map((timeMs, at) => ({ timeMs, value: values[at] as number }))
      .filter(({ timeMs }) => inWindow(timeMs));
    if (points.length > 0) series.push({ labels: toLabels(labels), points });
    if (budget.work(LABEL_SET_UNITS + POINT_UNITS * times.length)) await budget.pause();
  }
  return series;
}

/** A value at all steps, as series in the order of their labels. @throws {@link PromqlError} for text and ranges. */
export async function rangeValue(value: Value, grid: Grid, budget: Budget): Promise<readonly Series[]> {
  if (value.type === 'vector') {
    const series: Series[] = [];
    for (const column of value.columns.toSorted(byLabels)) {
      series.push({ labels: toLabels(column.labels), points: pointsOf(column, grid) });
      if (budget.work(LABEL_SET_UNITS + POINT_UNITS * grid.count)) await budget.pause();
    }
    return series;
  }
  if (value.type !== 'scalar') {
    throw new PromqlError('parse', `invalid expression type "${value.type}" for range query`);
  }
  const points = [...value.values].map((number, step) => ({ timeMs: timeAt(grid, step), value: number }));
  return [{ labels: {}, points }];
}

/** Making an object costs more than computing its number. */
const POINT_UNITS = 5;

function byLabels(a: Pick<Column, 'labels'>, b: Pick<Column, 'labels'>): number {
  return compareLabelSets(a.labels, b.labels);
}

function pointsOf({ values, present }: Column, grid: Grid): Series['points'] {
  const points: { timeMs: number; value: number }[] = [];
  for (const [step, value] of values.entries()) {
    if (present[step] === 1) points.push({ timeMs: timeAt(grid, step), value });
  }
  return points;
}
