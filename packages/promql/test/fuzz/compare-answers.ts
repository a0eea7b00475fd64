import type { HttpData } from '../../src/testing/index.ts';

/** What an engine said to a query. */
export type Answer = { readonly data: HttpData } | { readonly error: string };

/** In what two answers differ. */
export type Difference =
  | 'only ours fails'
  | 'only theirs fails'
  | 'type'
  | 'series'
  | 'times'
  | 'value'
  | 'order';

/** Both answers to one query fail, or both are equal; otherwise the first kind of difference. */
export function compareAnswers(ours: Answer, theirs: Answer, isOrdered: boolean): Difference | undefined {
  if ('error' in ours) return 'error' in theirs ? undefined : 'only ours fails';
  if ('error' in theirs) return 'only theirs fails';
  const [a, b] = [ours.data, theirs.data];
  if (a.resultType !== b.resultType) return 'type';
  if (a.resultType === 'string' || b.resultType === 'string') {
    return String(a.result) === String(b.result) ? undefined : 'value';
  }
  const [mine, other] = [columnsOf(a), columnsOf(b)];
  if (mine.size !== other.size) return 'series';
  for (const [key, points] of mine) {
    const wanted = other.get(key);
    if (wanted === undefined) return 'series';
    if (points.length !== wanted.length) return 'times';
    for (const [at, [seconds, value]] of points.entries()) {
      const [otherSeconds, otherValue] = wanted[at] as Point;
      if (Math.round(seconds * 1000) !== Math.round(otherSeconds * 1000)) return 'times';
      if (!isClose(toNumber(value), toNumber(otherValue))) return 'value';
    }
  }
  if (isOrdered && a.resultType === 'vector' && b.resultType === 'vector') {
    // Among equal values the order is nobody's promise: the values themselves must stand in the same order.
    const misplaced = a.result.some(({ value }, at) => {
      const other = b.result[at]?.value[1];
      return other === undefined || !isClose(toNumber(value[1]), toNumber(other));
    });
    if (misplaced) return 'order';
  }
  return undefined;
}

type Point = readonly [seconds: number, value: string];

function columnsOf(data: HttpData): Map<string, readonly Point[]> {
  if (data.resultType === 'scalar' || data.resultType === 'string') return new Map([['', [data.result]]]);
  const columns = new Map<string, readonly Point[]>();
  for (const series of data.result) {
    columns.set(labelKey(series.metric), 'value' in series ? [series.value] : series.values);
  }
  return columns;
}

function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function toNumber(text: string): number {
  return text.endsWith('Inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

/** Relative difference below one billionth; NaN equals NaN. */
function isClose(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
