import { alertsMetrics } from '@tidewatch/alerts';
import { coreMetrics, type MetricDefinition } from '@tidewatch/core';
import { gpuMetrics, hostMetrics } from '@tidewatch/gpu';
import { promqlMetrics } from '@tidewatch/promql';
import { scalerMetrics } from '@tidewatch/scaler';
import { table } from './markdown.ts';

/** Every metric that Tidewatch exposes, by the package that writes it. */
export const metricTables: Readonly<Record<string, readonly MetricDefinition[]>> = {
  core: coreMetrics,
  gpu: [...gpuMetrics, ...hostMetrics],
  promql: promqlMetrics,
  scaler: scalerMetrics,
  alerts: alertsMetrics,
};

/** docs/reference/metrics.md */
export function metricsPage(): string {
  const sections = Object.entries(metricTables).map(([name, metrics]) =>
    [
      `## @tidewatch/${name}`,
      '',
      table(
        ['metric', 'kind', 'unit', 'labels', 'meaning'],
        metrics.map(({ name: metric, kind, unit, labels, help }) => [
          `\`${metric}\``,
          kind,
          unit,
          labels.map((label) => `\`${label}\``).join(' '),
          help,
        ]),
      ),
    ].join('\n'),
  );
  return [
    '# Metrics',
    '',
    'Generated from the tables in the code by `npm run pnpm -- run reference`; do not edit.',
    '`ALERTS` and `ALERTS_FOR_STATE` are written as Prometheus writes them.',
    '',
    ...sections,
  ].join('\n');
}
