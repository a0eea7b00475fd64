import type { Sample } from '@tidewatch/core';
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
    samples.push(
      { labels: { ...labels, __name__: 'ALERTS', alertstate: state }, timeMs, value: 1 },
      { labels: { ...labels, __name__: 'ALERTS_FOR_STATE' }, timeMs, value: Math.floor(activeAtMs / 1000) },
    );
  }
  return samples;
}
