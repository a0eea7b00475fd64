import type { HttpData } from '../../src/testing/index.ts';

/** What an engine said to a query. */
export type Answer = { readonly data: HttpData } | { readonly error: string };

/** In what two answers differ. */
type DifferenceKind =
  | 'only ours fails'
  | 'only theirs fails'
  | 'type'
  | 'series'
  | 'times'
  | 'value'
  | 'order'
  | 'remarks';

export interface Difference {
  readonly kind: DifferenceKind;
  /** The first place where they do: the error, or the series, its time and both values. */
  readonly where: string;
}

/** `undefined` when both answers to one query fail or both are equal; otherwise their first difference. */
export function compareAnswers(ours: Answer, theirs: Answer, isOrdered: boolean): Difference | undefined {
  if ('error' in ours) {
    return 'error' in theirs ? undefined : { kind: 'only ours fails', where: ours.error };
  }
  if ('error' in theirs) return { kind: 'only theirs fails', where: theirs.error };
  const [a, b] = [ours.data, theirs.data];
  if (a.resultType !== b.resultType) return { kind: 'type', where: `${a.resultType}, ${b.resultType}` };
  if (a.resultType === 'string' || b.resultType === 'string') {
    const [mine, other] = [JSON.stringify(a.result), JSON.stringify(b.result)];
    return mine === other ? undefined : { kind: 'value', where: `${mine}, ${other}` };
  }
  return (
    compareSeries(columnsOf(a), columnsOf(b)) ??
    (isOrdered ? compareOrder(a, b) : undefined) ??
    compareRemarks(a, b)
  );
}

function compareRemarks(ours: HttpData, theirs: HttpData): Difference | undefined {
  for (const kind of ['warnings', 'infos'] as const) {
    const [mine, other] = [ours, theirs].map((data) => withoutDetails(data[kind] ?? [])) as [
      string[],
      string[],
    ];
    // The reference carries ten, in any order.
    if (other.some((remark) => remark.endsWith('omitted'))) continue;
    if (mine.join() !== other.join()) return { kind: 'remarks', where: `${mine.join()}; ${other.join()}` };
  }
  return undefined;
}

/**
 * Each remark once, without its place, without an unknown name, and without what only 3.14 tells. Of a fixed histogram
 * 3.5.3 knows the name at the first step of a range query and forgets it.
 */
function withoutDetails(remarks: readonly string[]): readonly string[] {
  const common = remarks.filter((remark) => !remark.includes('sort is ineffective for range queries'));
  const plain = common.map((remark) =>
    remark
      .replace(/ \(\d+:\d+\)$/, '')
      .replace(' for metric name ""', '')
      .replace(/(fixed for monotonicity \(.*?\)).*$/, '$1'),
  );
  return [...new Set(plain)].toSorted();
}

function compareSeries(ours: Columns, theirs: Columns): Difference | undefined {
  const onlyOurs = [...ours.keys()].filter((key) => !theirs.has(key));
  const onlyTheirs = [...theirs.keys()].filter((key) => !ours.has(key));
  if (onlyOurs.length + onlyTheirs.length > 0) {
    return { kind: 'series', where: `only ours ${onlyOurs.join()}; only theirs ${onlyTheirs.join()}` };
  }
  for (const [key, points] of ours) {
    const wanted = theirs.get(key) ?? [];
    const timesOf = (each: readonly Point[]): string => each.map(([seconds]) => seconds.toFixed(3)).join();
    if (timesOf(points) !== timesOf(wanted)) {
      return { kind: 'times', where: `${key}: ${timesOf(points)}; ${timesOf(wanted)}` };
    }
    const at = points.findIndex(([, value], step) => !isClose(value, wanted[step]?.[1]));
    if (at !== -1) {
      const [seconds, value] = points[at] as Point;
      return { kind: 'value', where: `${key} at ${seconds}: ${value}, ${wanted[at]?.[1]}` };
    }
  }
  return undefined;
}

/** Among equal values the order is nobody's promise: the values themselves must stand in the same order. */
function compareOrder(ours: HttpData, theirs: HttpData): Difference | undefined {
  if (ours.resultType !== 'vector' || theirs.resultType !== 'vector') return undefined;
  const at = ours.result.findIndex(({ value }, place) => !isClose(value[1], theirs.result[place]?.value[1]));
  if (at === -1) return undefined;
  return {
    kind: 'order',
    where: `place ${at}: ${ours.result[at]?.value[1]}, ${theirs.result[at]?.value[1]}`,
  };
}

type Point = readonly [seconds: number, value: string];

type Columns = ReadonlyMap<string, readonly Point[]>;

function columnsOf(data: HttpData): Columns {
  switch (data.resultType) {
    case 'vector':
      return new Map(data.result.map(({ metric, value }) => [labelKey(metric), [value]]));
    case 'matrix':
      return new Map(data.result.map(({ metric, values }) => [labelKey(metric), values]));
    case 'scalar':
    case 'string':
    default:
      return new Map([['', [data.result]]]);
  }
}

function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function toNumber(text: string): number {
  return text.endsWith('Inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

/** Relative difference below one billionth; NaN equals NaN. */
function isClose(ours: string, theirs: string | undefined): boolean {
  if (ours === theirs) return true;
  const [a, b] = [toNumber(ours), toNumber(theirs ?? 'absent')];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
