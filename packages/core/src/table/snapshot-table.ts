import type { ClassifierSnapshot } from '../monitor/classifier-snapshot.ts';
import type { Interval } from '../quality/wilson-interval.ts';
import type { Locale } from '../vocabulary/disposable.ts';
import { tableTexts, type TableTexts } from './table-texts.ts';
import { textTable } from './text-table.ts';

type Row = readonly [what: string, value: string, remark?: string];

/**
 * A snapshot as a table for a terminal or a log: one line per score that is known, then classes, then segments.
 *
 * What was never measured, such as a log loss without scores, has no line; an undefined score of a class is unknown.
 * At most twenty classes and segment values are shown, those with the most labels.
 *
 * @param options - `locale`: `en` or `zh-CN`. Default: `en`.
 */
export function snapshotTable(
  snapshot: ClassifierSnapshot,
  { locale = 'en' }: { readonly locale?: Locale } = {},
): string {
  const texts = tableTexts[locale];
  return [
    texts.title(snapshot.model, duration(snapshot.windowMs / 1000, texts)),
    '',
    ...remarked(scoreRows(snapshot, texts)),
    ...section(classRows(snapshot, texts)),
    ...section(segmentRows(snapshot, texts)),
  ].join('\n');
}

function scoreRows(snapshot: ClassifierSnapshot, texts: TableTexts): Row[] {
  const { accuracy, intervals, estimated, rocAuc, averagePrecision, latencySeconds, drift, labels } =
    snapshot;
  const ends = (interval: Interval | undefined, format: (value: number) => string): string | undefined =>
    interval && texts.interval(format(interval.low), format(interval.high));
  const rows: (Row | undefined)[] = [
    [
      texts.accuracy,
      accuracy === undefined ? texts.unknown : percent(accuracy.value),
      [
        ...(accuracy === undefined ? [] : [texts.interval(percent(accuracy.low), percent(accuracy.high))]),
        texts.labelled(snapshot.labelled, snapshot.n),
      ].join(', '),
    ],
    estimated && [
      texts.estimated,
      percent(estimated.accuracy),
      [
        texts.interval(percent(estimated.interval.low), percent(estimated.interval.high)),
        estimated.trusted ? texts.trusted : texts.untrusted,
      ].join(', '),
    ],
    line(
      texts.balancedAccuracy,
      snapshot.balancedAccuracy,
      percent,
      ends(intervals.balancedAccuracy, percent),
    ),
    line(texts.f1, snapshot.f1.macro, percent, ends(intervals.f1.macro, percent)),
    line(texts.mcc, snapshot.mcc, number, ends(intervals.mcc, number)),
    line(texts.kappa, snapshot.kappa, number, ends(intervals.kappa, number)),
    line(texts.hammingLoss, snapshot.hammingLoss, number),
    ...snapshot.topK.map(({ k, value }): Row => [texts.topK(k), percent(value)]),
    line(texts.logLoss, snapshot.logLoss?.value, number),
    line(texts.brier, snapshot.brier?.value, number),
    line(texts.ece, snapshot.ece, number),
    rocAuc && [texts.rocAuc, number(rocAuc.value), texts.withinBound(rocAuc.errorBound.toPrecision(1))],
    averagePrecision && [
      texts.averagePrecision,
      number(averagePrecision.value),
      texts.withinBound(averagePrecision.errorBound.toPrecision(1)),
    ],
    latencySeconds && [
      texts.latency,
      milliseconds(latencySeconds.p99),
      `p50 ${milliseconds(latencySeconds.p50)}, p95 ${milliseconds(latencySeconds.p95)}`,
    ],
    line(
      texts.throughput,
      snapshot.throughputPerSecond,
      (rate) => (rate < 100 ? rate.toPrecision(3) : rate.toFixed(0)),
      texts.perSecond,
    ),
    snapshot.errors === 0 ? undefined : [texts.errors, String(snapshot.errors)],
    labels.pending === 0 ? undefined : [texts.waiting, String(labels.pending)],
    drift.detectors.length + drift.features.length === 0
      ? undefined
      : [texts.drift, alarms(drift).join(', ') || texts.quiet],
  ];
  return rows.filter((row) => row !== undefined);
}

function alarms({ detectors, features }: ClassifierSnapshot['drift']): string[] {
  return [
    ...detectors.filter(({ detected }) => detected).map(({ detector }) => detector),
    ...features.filter(({ isDrift }) => isDrift).map(({ feature }) => `psi-${feature}`),
  ];
}

const MOST_ROWS = 20;

function classRows({ perClass }: ClassifierSnapshot, texts: TableTexts): string[][] {
  const share = (score: number | undefined): string => (score === undefined ? texts.unknown : percent(score));
  return [
    [texts.class, texts.precision, texts.recall, 'F1', texts.support],
    ...most(perClass, ({ support }) => support).map(({ class: name, precision, recall, f1, support }) => [
      short(name),
      share(precision?.value),
      share(recall?.value),
      share(f1),
      String(support),
    ]),
  ];
}

function segmentRows({ segments }: ClassifierSnapshot, texts: TableTexts): string[][] {
  return [
    [texts.segment, texts.accuracy, texts.support],
    ...most(segments, ({ labelled }) => labelled).map(({ segment, value, accuracy, labelled }) => [
      short(`${segment}=${value}`),
      accuracy === undefined ? texts.unknown : percent(accuracy.value),
      String(labelled),
    ]),
  ];
}

/** The twenty with the highest count, in the order in which they came. */
function most<Row>(rows: readonly Row[], count: (row: Row) => number): Row[] {
  const shown = new Set(rows.toSorted((a, b) => count(b) - count(a)).slice(0, MOST_ROWS));
  return rows.filter((row) => shown.has(row));
}

function section(rows: readonly string[][]): string[] {
  return rows.length < 2 ? [] : ['', ...textTable(rows)];
}

/** Remarks stand behind the table: they may be long. */
function remarked(rows: readonly Row[]): string[] {
  const columns = textTable(rows.map(([what, value]) => [what, value]));
  return rows.map(
    ([, , remark], index) => `${columns[index] ?? ''}${remark === undefined ? '' : `  ${remark}`}`,
  );
}

function line(
  what: string,
  value: number | undefined,
  format: (value: number) => string,
  remark?: string,
): Row | undefined {
  if (value === undefined) return undefined;
  return remark === undefined ? [what, format(value)] : [what, format(value), remark];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function number(value: number): string {
  return value.toFixed(3);
}

function milliseconds(seconds: number): string {
  const ms = 1000 * seconds;
  return `${ms < 1000 ? ms.toPrecision(3) : ms.toFixed(0)} ms`;
}

function duration(seconds: number, { seconds: s, minutes, hours }: TableTexts): string {
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} ${s}`;
  if (seconds < 7200) return `${Number((seconds / 60).toPrecision(3))} ${minutes}`;
  return `${Number((seconds / 3600).toPrecision(3))} ${hours}`;
}

/** Names come from outside: on one line, and no longer than a line. */
function short(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}
