import type { Labels } from '@tidewatch/core';
import { createEngine, type EngineOptions } from '../engine/engine.ts';
import type { SampleSource, SelectedSeries } from '../engine/sample-source.ts';
import { toHttpData, type HttpData } from '../api/http-data.ts';
import { fromLabels, labelOf } from '../labels/label-set.ts';
import { matcherTest } from '../labels/match.ts';

/** One series of a fixture: `t`, `v` and `stale` are equally long. */
export interface FixtureSeries {
  readonly labels: Labels;
  /** Milliseconds, strictly ascending. */
  readonly t: readonly number[];
  readonly v: readonly number[];
  /** Where the series ended; the value there means nothing. Absent: nowhere. */
  readonly stale?: readonly boolean[];
}

/** An engine over fixtures, with answers as the HTTP API writes them: values as strings, times in seconds. */
export interface FixtureEngine {
  /** @throws {@link PromqlError} for a failing query. */
  instant(expr: string, timeMs: number): Promise<HttpData>;
  /** @throws {@link PromqlError} for a failing query. */
  range(expr: string, startMs: number, endMs: number, stepMs: number): Promise<HttpData>;
}

/** Evaluates PromQL over literal series, each with its own times. */
export function engineOver(
  series: readonly FixtureSeries[],
  options: Omit<EngineOptions, 'store'> = {},
): FixtureEngine {
  const engine = createEngine({ ...options, store: fixtureSource(series) });
  return {
    instant: async (expr, timeMs) => toHttpData(await engine.instant(expr, timeMs)),
    range: async (expr, startMs, endMs, stepMs) =>
      toHttpData(await engine.range(expr, { startMs, endMs, stepMs })),
  };
}

/** Literal series as a source of samples. */
export function fixtureSource(series: readonly FixtureSeries[]): SampleSource {
  const stored: readonly SelectedSeries[] = series.map(({ labels, t, v, stale }) => ({
    labels: fromLabels(labels),
    times: Float64Array.from(t),
    values: Float64Array.from(v),
    ...(stale === undefined ? {} : { stale: Uint8Array.from(stale, Number) }),
  }));
  return {
    select(matchers, fromMs, toMs) {
      const tests = matchers.map(matcherTest);
      return stored
        .filter(({ labels }) => tests.every(({ matcher, accepts }) => accepts(labelOf(labels, matcher.name))))
        .map((each) => within(each, fromMs, toMs))
        .filter(({ times }) => times.length > 0);
    },
  };
}

function within(
  { labels, times, values, stale }: SelectedSeries,
  fromMs: number,
  toMs: number,
): SelectedSeries {
  const isInside = (_: number, at: number): boolean =>
    (times[at] as number) > fromMs && (times[at] as number) <= toMs;
  return {
    labels,
    times: times.filter(isInside),
    values: values.filter(isInside),
    ...(stale === undefined ? {} : { stale: stale.filter(isInside) }),
  };
}
