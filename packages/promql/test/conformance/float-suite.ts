import type { FixtureSeries } from '../../src/testing/index.ts';

/** `n` samples `v`, `v + step`, …; or `n` gaps, or stale marks. Numbers that JSON lacks are texts. */
export interface PointRun {
  readonly kind: 'num' | 'gap' | 'stale' | 'hist';
  readonly v?: number | string;
  readonly step?: number | string;
  readonly n: number;
}

export interface Load {
  readonly step: number;
  readonly series: readonly {
    readonly labels: Record<string, string>;
    readonly points: readonly PointRun[];
  }[];
}

export interface Remark {
  readonly msg?: string;
  readonly regex?: string;
}

export interface Expectation {
  readonly type: 'vector' | 'matrix' | 'scalar' | 'string' | 'range-vector' | 'fail';
  readonly ordered: boolean;
  readonly series: Load['series'];
  readonly value?: number | string;
  readonly string?: string;
  readonly fail?: { readonly msg?: string };
  readonly warn: readonly Remark[];
  readonly info: readonly Remark[];
  readonly noWarn?: boolean;
  readonly noInfo?: boolean;
  readonly rv?: { readonly from: number; readonly step: number };
}

export type FloatCase = {
  readonly id: string;
  readonly expr: string;
  readonly loads: readonly number[];
  readonly expect: Expectation;
} & (
  | { readonly kind: 'instant'; readonly time: number }
  | { readonly kind: 'range'; readonly start: number; readonly end: number; readonly step: number }
);

export interface FloatSuite {
  readonly loads: readonly Load[];
  readonly cases: readonly FloatCase[];
}

export function toNumber(value: number | string | undefined): number {
  const words: Record<string, number> = { NaN: Number.NaN, '+Inf': Infinity, '-Inf': -Infinity, '-0': -0 };
  return typeof value === 'number' ? value : (words[value ?? ''] ?? Number(value));
}

/** One entry a step: a number, a stale mark or nothing. */
export function expand(points: readonly PointRun[]): readonly (number | 'stale' | 'gap')[] {
  return points.flatMap(({ kind, v, step, n }): readonly (number | 'stale' | 'gap')[] => {
    if (kind !== 'num') return Array.from({ length: n }, () => (kind === 'stale' ? kind : ('gap' as const)));
    // Added up one by one, as the suite does: the rounding is part of the data.
    let value = toNumber(v);
    return Array.from({ length: n }, () => {
      const here = value;
      value += toNumber(step);
      return here;
    });
  });
}

export function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The series of all loads of a case; inside one load a repeated label set replaces the earlier one. */
export function fixtureOf(each: FloatCase, loads: readonly Load[]): readonly FixtureSeries[] {
  const series = new Map<string, { labels: Record<string, string>; points: Map<number, number | 'stale'> }>();
  for (const index of each.loads) {
    const { step, series: loaded } = loads[index] ?? { step: 0, series: [] };
    for (const { labels, points } of new Map(loaded.map((one) => [labelKey(one.labels), one])).values()) {
      const key = labelKey(labels);
      const entry = series.get(key) ?? { labels, points: new Map<number, number | 'stale'>() };
      series.set(key, entry);
      for (const [at, point] of expand(points).entries()) {
        if (point !== 'gap') entry.points.set(at * step, point);
      }
    }
  }
  return [...series.values()]
    .filter(({ points }) => points.size > 0)
    .map(({ labels, points }) => {
      const sorted = [...points].sort(([a], [b]) => a - b);
      return {
        labels,
        t: sorted.map(([time]) => time),
        v: sorted.map(([, value]) => (value === 'stale' ? 0 : value)),
        stale: sorted.map(([, value]) => value === 'stale'),
      };
    });
}
