import type { Exemplar } from '../metrics/metric-family.ts';
import type { ExpositionFamily, ExpositionSeries, HistogramValue } from './exposition-family.ts';
import { escapeLines, escapeQuoted, labelText } from './label-text.ts';
import type { TextBuffer } from './text-buffer.ts';

export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** Why a series cannot be written. */
export type ExpositionRefusal = 'unsupported-kind' | 'conflicting-kind' | 'duplicate-series' | 'unreadable';

/** What a scrape of each format is sent as. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** OpenMetrics demands that a name ends with its unit, so only these can be written. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  '1': 'ratio',
  s: 'seconds',
  By: 'bytes',
  W: 'watts',
  J: 'joules',
  Cel: 'celsius',
};

/** Bytes after which others may work: a fraction of a millisecond of writing. */
const PIECE_BYTES = 65_536;

/**
 * Writes families as Prometheus text 0.0.4 or OpenMetrics 1.0. It stops now and then, so that the caller can let
 * others work.
 *
 * Families of one name share a header. What would make the whole scrape invalid is left out and reported: a second
 * kind for a name, a second series with the same labels.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export function* writeExposition(
  out: TextBuffer,
  families: Iterable<ExpositionFamily>,
  format: ExpositionFormat,
  onRefused: (reason: ExpositionRefusal) => void,
): Generator<void> {
  let pieceEnd = PIECE_BYTES;
  for (const [first, ...others] of byName(families)) {
    out.add(header(first, format));
    const write = seriesWriter(out, first, format);
    const written = new Set<string>();
    for (const { kind, series } of [first, ...others]) {
      try {
        for (const one of series) {
          if (kind !== first.kind) onRefused('conflicting-kind');
          else if (written.has(one.labels)) onRefused('duplicate-series');
          else {
            written.add(one.labels);
            write(one);
          }
          if (out.length < pieceEnd) continue;
          pieceEnd = out.length + PIECE_BYTES;
          yield;
        }
      } catch {
        onRefused('unreadable'); // a value of a foreign producer that is none, or that JSON cannot say
      }
    }
  }
  if (format === 'openmetrics') out.add('# EOF\n');
}

function byName(
  families: Iterable<ExpositionFamily>,
): Iterable<readonly [ExpositionFamily, ...ExpositionFamily[]]> {
  const groups = new Map<string, [ExpositionFamily, ...ExpositionFamily[]]>();
  for (const family of families) {
    const group = groups.get(family.name);
    if (group === undefined) groups.set(family.name, [family]);
    else group.push(family);
  }
  return groups.values();
}

function header({ name, kind, help, unit }: ExpositionFamily, format: ExpositionFormat): string {
  // Prometheus text names the sample in its header, OpenMetrics the family without `_total`.
  const title = format === 'prometheus' && kind === 'counter' ? `${name}_total` : name;
  const word = UNIT_WORDS[unit];
  const hasUnit = format === 'openmetrics' && word !== undefined && name.endsWith(`_${word}`);
  const unitLine = hasUnit ? `# UNIT ${title} ${word}\n` : '';
  const helpLine = help === '' ? '' : `# HELP ${title} ${escapeHelp(help, format)}\n`;
  return `# TYPE ${title} ${kind}\n${unitLine}${helpLine}`;
}

type SeriesWriter = (series: ExpositionSeries) => void;

function seriesWriter(
  out: TextBuffer,
  { name, kind }: ExpositionFamily,
  format: ExpositionFormat,
): SeriesWriter {
  const writeHistogram = histogramWriter(out, name, format);
  const title = kind === 'counter' ? `${name}_total` : name;
  const hasExemplars = format === 'openmetrics' && kind === 'counter';
  return ({ labels, value, exemplar }) => {
    if (typeof value !== 'number') {
      writeHistogram(labels, value);
      return;
    }
    const seen = hasExemplars && exemplar !== undefined ? exemplarText(exemplar) : '';
    out.add(`${title}${braces(labels)} ${numberText(value)}${seen}\n`);
  };
}

/** The ends of the bucket lines are the same for all series of one set of bounds: made once. */
function histogramWriter(
  out: TextBuffer,
  name: string,
  format: ExpositionFormat,
): (labels: string, value: HistogramValue) => void {
  let bounds: readonly number[] | undefined;
  let ends: readonly Uint8Array[] = [];
  return (labels, { boundaries, counts, sum }) => {
    if (bounds === undefined || !isSame(boundaries, bounds)) {
      bounds = boundaries;
      ends = bucketEnds(boundaries, format);
    }
    const start = out.length;
    out.add(labels === '' ? `${name}_bucket{` : `${name}_bucket{${labels},`);
    const length = out.length - start;
    let below = 0;
    for (let bucket = 0; bucket < ends.length; bucket += 1) {
      if (bucket > 0) out.repeat(start, length);
      out.addBytes(ends[bucket] ?? NO_BYTES);
      below += counts[bucket] ?? 0;
      out.addCountLine(below);
    }
    const set = braces(labels);
    const sumLine = sum === undefined ? '' : `${name}_sum${set} ${numberText(sum)}\n`;
    out.add(`${sumLine}${name}_count${set} ${below}\n`);
  };
}

const NO_BYTES = new Uint8Array();

function bucketEnds(boundaries: readonly number[], format: ExpositionFormat): Uint8Array[] {
  const bounds = [...boundaries, Number.POSITIVE_INFINITY];
  return bounds.map((bound) => Buffer.from(`le="${boundText(bound, format)}"} `));
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((bound, index) => bound === b[index]));
}

/** OpenMetrics writes a whole bound as `1.0`. */
function boundText(bound: number, format: ExpositionFormat): string {
  const text = numberText(bound);
  return format === 'openmetrics' && Number.isInteger(bound) && !text.includes('e') ? `${text}.0` : text;
}

function exemplarText({ labels, value, timeMs }: Exemplar): string {
  return ` # {${labelText(labels)}} ${numberText(value)} ${timeMs / 1000}`;
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

/** Quotation marks in HELP are escaped in OpenMetrics, and plain in Prometheus text. */
function escapeHelp(help: string, format: ExpositionFormat): string {
  return format === 'openmetrics' ? escapeQuoted(help) : escapeLines(help);
}
