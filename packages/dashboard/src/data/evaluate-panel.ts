import type { InstantQuery, QueryRange, RangeQuery, Sample, Series } from '@tidewatch/core';
import type { Panel } from '../panels/panel.ts';
import { substituteVariables, type QueryVariables } from '../panels/substitute-variables.ts';
import type { LatestValue, SeriesColumn } from './page-data.ts';

/** More lines than this cannot be told apart. */
const maxSeries = { stat: 1, line: 20, timeline: 40, table: 400 } as const;

/** 30 classes, as many as the page draws. */
const maxCells = 900;

function mostSeries(panel: Panel): number {
  return panel.view === 'table' && panel.isMatrix === true ? maxCells : maxSeries[panel.view];
}

export interface CurrentAnswer {
  readonly latest: readonly LatestValue[];
  /** Series beyond the cap. */
  readonly dropped: number;
}

/** Asks for a panel's values at one instant. Rejects when the source cannot answer. */
export async function evaluateNow(
  panel: Panel,
  query: InstantQuery,
  nowMs: number,
  variables: QueryVariables,
  signal: AbortSignal,
): Promise<CurrentAnswer> {
  let latest: readonly LatestValue[] = [];
  for (const [target, { expr }] of panel.targets.entries()) {
    const vector = await query(substituteVariables(expr, variables), nowMs, { signal });
    latest = latest.concat(vector.flatMap((sample) => toLatest(sample, target)));
  }
  // What is left out of a table is what matters least.
  const ranked = panel.view === 'table' ? latest.toSorted((a, b) => b.value - a.value) : latest;
  const kept = ranked.slice(0, mostSeries(panel));
  return { latest: kept, dropped: latest.length - kept.length };
}

export interface HistoryAnswer {
  readonly series: readonly SeriesColumn[];
  /** Series beyond the cap. */
  readonly dropped: number;
}

/** Asks for a panel's course over a range. Rejects when the source cannot answer. */
export async function evaluateHistory(
  panel: Panel,
  queryRange: RangeQuery,
  range: QueryRange,
  variables: QueryVariables,
  signal: AbortSignal,
): Promise<HistoryAnswer> {
  const most = mostSeries(panel);
  const series: SeriesColumn[] = [];
  let dropped = 0;
  for (const [target, { expr }] of panel.targets.entries()) {
    const answer = await queryRange(substituteVariables(expr, variables), range, { signal });
    for (const one of answer) {
      if (series.length < most) series.push(...toColumn(one, target, range));
      else if (one.points.some(({ value }) => Number.isFinite(value))) dropped += 1;
    }
  }
  return { series, dropped };
}

/** A value that is no number is nothing to show. */
function toLatest({ labels, value }: Sample, target: number): LatestValue[] {
  return Number.isFinite(value) ? [{ target, labels, value: shorten(value) }] : [];
}

function toColumn({ labels, points }: Series, target: number, range: QueryRange): SeriesColumn[] {
  const { startMs, endMs, stepMs } = range;
  const values = Array.from<number | null>({ length: stepCount(range) }).fill(null);
  for (const { timeMs, value } of points) {
    if (timeMs < startMs || timeMs > endMs || !Number.isFinite(value)) continue;
    values[Math.round((timeMs - startMs) / stepMs)] = shorten(value);
  }
  return values.every((value) => value === null) ? [] : [{ target, labels, values }];
}

/** Steps of a range, both ends included. */
export function stepCount({ startMs, endMs, stepMs }: QueryRange): number {
  return Math.floor((endMs - startMs) / stepMs) + 1;
}

/** Six digits are more than a pixel shows and half of what a double prints. */
function shorten(value: number): number {
  return Number(value.toPrecision(6));
}
