import type { ExpositionFamily, ExpositionLabel, HistogramValue } from './exposition-family.ts';

export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** What a scrape of each format is sent as. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** OpenMetrics demands that a name ends with its unit, so only these can be written. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  s: 'seconds',
  By: 'bytes',
  W: 'watts',
  J: 'joules',
  Cel: 'celsius',
};

/**
 * Writes families as Prometheus text 0.0.4 or OpenMetrics 1.0.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export function expositionText(families: readonly ExpositionFamily[], format: ExpositionFormat): string {
  const lines = families.flatMap((family) => [...header(family, format), ...samples(family, format)]);
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function header({ name, kind, help, unit }: ExpositionFamily, format: ExpositionFormat): string[] {
  // Prometheus text names the sample in its header, OpenMetrics the family without `_total`.
  const title = format === 'prometheus' && kind === 'counter' ? `${name}_total` : name;
  const lines = [`# TYPE ${title} ${kind}`];
  const word = UNIT_WORDS[unit];
  if (format === 'openmetrics' && word !== undefined && name.endsWith(`_${word}`)) {
    lines.push(`# UNIT ${title} ${word}`);
  }
  if (help !== '') lines.push(`# HELP ${title} ${escapeHelp(help, format)}`);
  return lines;
}

function samples({ name, kind, series }: ExpositionFamily, format: ExpositionFormat): string[] {
  return series.flatMap(({ labels, value }) => {
    if (typeof value !== 'number') return histogramSamples(name, labels, value, format);
    const sample = kind === 'counter' ? `${name}_total` : name;
    return [`${sample}${braces(labels)} ${numberText(value)}`];
  });
}

function histogramSamples(
  name: string,
  labels: readonly ExpositionLabel[],
  { boundaries, counts, sum }: HistogramValue,
  format: ExpositionFormat,
): string[] {
  let below = 0;
  const lines = counts.map((count, bucket) => {
    below += count;
    const bound = boundaries[bucket] ?? Number.POSITIVE_INFINITY;
    return `${name}_bucket${braces([...labels, ['le', boundText(bound, format)]])} ${below}`;
  });
  if (sum !== undefined) lines.push(`${name}_sum${braces(labels)} ${numberText(sum)}`);
  lines.push(`${name}_count${braces(labels)} ${below}`);
  return lines;
}

/** OpenMetrics writes a whole bound as `1.0`. */
function boundText(bound: number, format: ExpositionFormat): string {
  const text = numberText(bound);
  return format === 'openmetrics' && Number.isInteger(bound) && !text.includes('e') ? `${text}.0` : text;
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function braces(labels: readonly ExpositionLabel[]): string {
  if (labels.length === 0) return '';
  return `{${labels.map(([name, value]) => `${name}="${escapeQuoted(value)}"`).join(',')}}`;
}

function escapeQuoted(value: string): string {
  return escapeLines(value).replaceAll('"', '\\"');
}

/** Quotation marks in HELP are escaped in OpenMetrics, and plain in Prometheus text. */
function escapeHelp(help: string, format: ExpositionFormat): string {
  return format === 'openmetrics' ? escapeQuoted(help) : escapeLines(help);
}

function escapeLines(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
