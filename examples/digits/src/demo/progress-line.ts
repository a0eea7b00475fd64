import type { Tidewatch } from 'tidewatch';
import { failures } from '../traffic/traffic-counts.ts';
import type { TrafficProgress } from '../traffic/traffic-messages.ts';
import type { DemoTexts } from './texts.ts';

/** Where the day stands, in one line. What is not measured yet is a dash. */
export function progressLine(
  watch: Tidewatch,
  { elapsedMs, counts }: TrafficProgress,
  texts: DemoTexts,
): string {
  const { accuracy, latencySeconds } = watch.monitor.snapshot();
  const replicas = watch.autoscaler?.status().replicas?.ready;
  const firing = watch.alerting.alerts().filter(({ state }) => state === 'firing');
  const p99 = latencySeconds?.p99;
  return texts.progress({
    seconds: Math.round(elapsedMs / 1000),
    requests: counts.sent,
    failed: failures(counts),
    accuracy: accuracy === undefined ? '–' : `${(accuracy.value * 100).toFixed(1)} %`,
    p99: p99 === undefined ? '–' : `${(p99 * 1000).toFixed(0)} ms`,
    replicas: replicas === undefined ? '–' : String(replicas),
    firing: firing.map(({ name }) => name).join(' '),
  });
}
