import type { Labels, Sample } from '@tidewatch/core';
import type { AlertInstance } from './alert-instance.ts';

/**
 * The series `ALERTS` (value 1) and `ALERTS_FOR_STATE` (value: active since, Unix seconds) of present alerts.
 *
 * A resolved alert has none: a series that is no longer listed has ended.
 */
export function alertSeries(instances: Iterable<AlertInstance>, timeMs: number): Sample[] {
  const samples: Sample[] = [];
  for (const { state, labels, activeAtMs } of instances) {
    if (state === 'resolved') continue;
    const series = seriesOf(labels);
    samples.push(
      { labels: series[state], timeMs, value: 1 },
      { labels: series.forState, timeMs, value: Math.floor(activeAtMs / 1000) },
    );
  }
  return samples;
}

type SeriesLabels = Readonly<Record<'pending' | 'firing' | 'forState', Labels>>;

/** An alert keeps the object of its labels: thousands of equal ones need not be made at each evaluation. */
const known = new WeakMap<Labels, SeriesLabels>();

function seriesOf(labels: Labels): SeriesLabels {
  let series = known.get(labels);
  if (series === undefined) {
    series = {
      pending: { ...labels, __name__: 'ALERTS', alertstate: 'pending' },
      firing: { ...labels, __name__: 'ALERTS', alertstate: 'firing' },
      forState: { ...labels, __name__: 'ALERTS_FOR_STATE' },
    };
    known.set(labels, series);
  }
  return series;
}
