import type { InstantQuery, Labels, RangeQuery } from '@tidewatch/core';

type Curve = (timeMs: number) => number;
interface MadeUpSeries {
  readonly labels: Labels;
  readonly at: Curve;
}

/** A service with a calm start, a burst and a dirty lens in the last third: figures that are made up, for tests and for work on the page. */
export function madeUpSource({ endMs, hasGpu = false }: { endMs: number; hasGpu?: boolean }): {
  query: InstantQuery;
  queryRange: RangeQuery;
} {
  const burst = (timeMs: number): number => 1 / (1 + Math.exp((endMs - 300_000 - timeMs) / 30_000));
  const wave: Curve = (timeMs) =>
    40 + 25 * Math.sin(timeMs / 90_000) + 5 * Math.sin(timeMs / 7_000) + 90 * burst(timeMs);
  const accuracy: Curve = (timeMs) => 0.93 - 0.16 * burst(timeMs) + 0.006 * Math.sin(timeMs / 9_000);
  const ready: Curve = (timeMs) => (wave(timeMs) > 100 ? 3 : wave(timeMs) > 62 ? 2 : 1);
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
  const one = (at: Curve, labels: Labels = {}): MadeUpSeries[] => [{ labels, at }];

  const answers: readonly (readonly [pattern: RegExp, series: readonly MadeUpSeries[]])[] = [
    [/^sum\(classification_(predictions|labelled)_total\)$/, one(() => 20_000)],
    [/^max\(1 - min by/, one((t) => 1 - accuracy(t) / 0.93)],
    [/^min by \(model\) \(classification_accuracy/, one(accuracy, { model: 'digits' })],
    [/^min by \(model\) \(classification_f1/, one((t) => accuracy(t) - 0.012, { model: 'digits' })],
    [/^max by \(model\) \(classification_baseline/, one(() => 0.93, { model: 'digits' })],
    [/^min\(classification_accuracy/, one(accuracy)],
    [/^min\(classification_f1/, one((t) => accuracy(t) - 0.012)],
    [/label_coverage/, one(() => 0.42)],
    [/labelled_total/, one(() => 8_214)],
    [/pending_labels/, one(() => 312)],
    [
      /by \(predicted\)/,
      classes.map((predicted, i) => ({ labels: { predicted }, at: (t) => wave(t) / (8 + ((i * 7) % 5)) })),
    ],
    [
      /confusion_total/,
      classes.flatMap((actual, i) =>
        classes.map((predicted, j) => ({
          labels: { actual, predicted },
          at: () => (i === j ? 780 + 9 * i : ((i * 13 + j * 7) % 11) * (Math.abs(i - j) === 5 ? 9 : 1)),
        })),
      ),
    ],
    [/quantile\(0.99/, one((t) => 0.04 + wave(t) / 900 + 0.004 * Math.sin(t / 4_000))],
    [/quantile\(0.95/, one((t) => 0.03 + wave(t) / 1_600)],
    [/quantile\(0.5/, one((t) => 0.012 + wave(t) / 6_000)],
    [/^sum\(rate\(classification_predictions/, one(wave)],
    [/^sum\(rate\(http_requests/, one((t) => wave(t) * 1.06)],
    [/by \(code\)/, [...one(wave, { code: '200' }), ...one((t) => wave(t) * 0.04, { code: '400' })]],
    [/gpu_memory/, hasGpu ? one(() => 0.61, { gpu: '0' }) : []],
    [/gpu_utilization/, hasGpu ? one((t) => Math.min(0.98, wave(t) / 140), { gpu: '0' }) : []],
    [/host_cpu/, one((t) => Math.min(0.97, wave(t) / 150))],
    [/host_memory/, one(() => 0.37)],
    [/autoscaler_ready/, one(ready)],
    [/autoscaler_desired/, one((t) => ready(t + 10_000))],
    [/autoscaler_idle/, one(() => 0)],
    [/autoscaler_metric_value/, [...one((t) => wave(t) / 100, { metric: 'qps' })]],
    [
      /autoscaler_cooldown/,
      one((t) => Math.max(0, 60 - ((t / 1_000) % 140)), { direction: 'down' }).concat(
        one(() => 0, { direction: 'up' }),
      ),
    ],
    [
      /autoscaler_decisions/,
      [
        ...one(() => 2, { direction: 'up', reason: 'above-threshold' }),
        ...one(() => 61, { direction: 'none', reason: 'within-thresholds' }),
      ],
    ],
    [
      /ALERTS/,
      [
        ...one((t) => (t > endMs - 260_000 && t < endMs - 180_000 ? 1 : Number.NaN), {
          alertname: 'AccuracyLow',
          alertstate: 'pending',
        }),
        ...one((t) => (t >= endMs - 180_000 ? 1 : Number.NaN), {
          alertname: 'AccuracyLow',
          alertstate: 'firing',
        }),
        ...one((t) => (t > endMs - 700_000 && t < endMs - 560_000 ? 1 : Number.NaN), {
          alertname: 'LatencyHigh',
          alertstate: 'pending',
        }),
      ],
    ],
    [
      /notifications_total/,
      [
        ...one(() => 2, { channel: 'dingtalk', outcome: 'sent' }),
        ...one(() => 1, { channel: 'email', outcome: 'sent' }),
      ],
    ],
    [/replica_seconds/, one(() => 0.43)],
  ];

  const seriesOf = (expr: string): readonly MadeUpSeries[] =>
    answers.find(([pattern]) => pattern.test(expr))?.[1] ?? [];
  return {
    query: (expr, atMs) =>
      Promise.resolve(seriesOf(expr).map(({ labels, at }) => ({ labels, timeMs: atMs, value: at(atMs) }))),
    queryRange: (expr, { startMs, endMs, stepMs }) =>
      Promise.resolve(
        seriesOf(expr).map(({ labels, at }) => ({
          labels,
          points: Array.from({ length: Math.floor((endMs - startMs) / stepMs) + 1 }, (_, step) => {
            const timeMs = startMs + step * stepMs;
            return { timeMs, value: at(timeMs) };
          }),
        })),
      ),
  };
}
