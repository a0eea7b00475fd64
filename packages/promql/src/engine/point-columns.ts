import type { Labels, Series } from '@tidewatch/core';

/** The points of one series as the engine computed them. */
export interface PointColumns {
  /** Milliseconds, ascending; series of one answer mostly share them. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** 1 where there is a point; absent when there is one at every time. */
  readonly present?: Uint8Array;
}

const columnsOfSeries = new WeakMap<Series, PointColumns>();

/**
 * A series whose points become objects when somebody looks at them: a million small objects keep the garbage collector
 * busy for a tenth of a second in one turn, and who writes an answer as text needs none.
 */
export function columnSeries(labels: Labels, columns: PointColumns): Series {
  let points: Series['points'] | undefined;
  const series: Series = {
    labels,
    get points() {
      points ??= toPoints(columns);
      return points;
    },
  };
  columnsOfSeries.set(series, columns);
  return series;
}

/** The points of any series in columns. */
export function pointColumnsOf(series: Series): PointColumns {
  return (
    columnsOfSeries.get(series) ?? {
      times: Float64Array.from(series.points, ({ timeMs }) => timeMs),
      values: Float64Array.from(series.points, ({ value }) => value),
    }
  );
}

function toPoints({ times, values, present }: PointColumns): Series['points'] {
  const points: { timeMs: number; value: number }[] = [];
  for (const [at, timeMs] of times.entries()) {
    if (present?.[at] !== 0) points.push({ timeMs, value: values[at] as number });
  }
  return points;
}
