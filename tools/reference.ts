// Writes docs/reference/*.md from the tables in the code. `npm test` fails when they differ.
//
//   npm run pnpm -- run reference
import { readFile, writeFile } from 'node:fs/promises';
import { alertsMetrics } from '@tidewatch/alerts';
import { coreMetrics, type MetricDefinition } from '@tidewatch/core';
import { gpuMetrics, hostMetrics } from '@tidewatch/gpu';
import { promqlMetrics } from '@tidewatch/promql';
import { scalerMetrics } from '@tidewatch/scaler';

/** Every metric that Tidewatch exposes, by the package that writes it. */
export const metricTables: Readonly<Record<string, readonly MetricDefinition[]>> = {
  core: coreMetrics,
  gpu: [...gpuMetrics, ...hostMetrics],
  promql: promqlMetrics,
  scaler: scalerMetrics,
  alerts: alertsMetrics,
};

/** The pages of docs/reference, by file name. */
export function referencePages(): Readonly<Record<string, string>> {
  return { 'metrics.md': metricsPage() };
}

function metricsPage(): string {
  const sections = Object.entries(metricTables).map(([name, metrics]) =>
    [
      `## @tidewatch/${name}`,
      '',
      '| metric | kind | unit | labels | meaning |',
      '| --- | --- | --- | --- | --- |',
      ...metrics.map(
        ({ name: metric, kind, unit, labels, help }) =>
          `| \`${metric}\` | ${kind} | ${unit} | ${labels.map((label) => `\`${label}\``).join(' ')} | ${help} |`,
      ),
      '',
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

if (import.meta.main) {
  for (const [file, text] of Object.entries(referencePages())) {
    const path = new URL(`../docs/reference/${file}`, import.meta.url);
    const before = await readFile(path, 'utf8').catch(() => '');
    if (before !== text) await writeFile(path, text);
    console.log(`${before === text ? 'unchanged' : 'written'} docs/reference/${file}`);
  }
}
