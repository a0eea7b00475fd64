import {
  createMetricProducer,
  silentLogger,
  systemClock,
  type Clock,
  type Disposable,
  type Labels,
  type Logger,
  type MetricProducer,
} from '@tidewatch/core';
import type { SampleSource } from '../engine/sample-source.ts';
import { fromLabels, toLabels } from '../labels/label-set.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { requireStoreOptions } from './store-options.ts';
import { Axis } from './axis.ts';
import { LabelIndex } from './label-index.ts';
import { readSeries, sliceAxis, type AxisSlice } from './read-series.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import { StoreStatistics } from './store-statistics.ts';
import { StoredSeries } from './stored-series.ts';

export interface StoreOptions {
  /** Samples older than this, measured from the newest of their axis, are evicted. @defaultValue 10_800_000 (3 h) */
  readonly retentionMs?: number;
  /** A new series above this number is refused and counted. @defaultValue 20_000 */
  readonly maxSeries?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** One value to store. The labels include `__name__`; an empty value means the label is absent. */
export interface StoreSample {
  readonly labels: Labels;
  readonly value: number;
}

export interface AppendOptions {
  /**
   * Who collects. Series that one axis collected last time and not this time have ended; other axes are not concerned.
   *
   * @defaultValue 'default'
   */
  readonly axis?: string;
}

/** Samples in memory, in columns on a shared time axis. */
export interface Store extends SampleSource, Disposable {
  /**
   * Takes one collect: all series of one axis at one time.
   *
   * A series that the last collect had and this one lacks gets a stale mark. Nothing is ever thrown: what cannot be
   * stored (a time not after the last, a series above the cap) is counted in `tidewatch_store_dropped_samples_total`.
   *
   * @param timeMs - Whole milliseconds since the Unix epoch.
   */
  append(timeMs: number, samples: readonly StoreSample[], options?: AppendOptions): void;
  /** Labels of the series that satisfy all matchers and may have samples within the times, both included. */
  series(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): readonly Labels[];
  /** Publishes `tidewatch_store_*`. */
  readonly metricProducer: MetricProducer;
}

/** Room for one axis a rule; each keeps 8 bytes a collect. */
const MAX_AXES = 1_000;

/**
 * A store in memory.
 *
 * Asynchronous for the day it opens files; until then `dataDir` is refused.
 *
 * @throws {@link ConfigError} for an option that cannot be used.
 */
export async function createStore(options: StoreOptions = {}): Promise<Store> {
  requireStoreOptions(options);
  const {
    retentionMs = 10_800_000,
    maxSeries = 20_000,
    clock = systemClock,
    logger = silentLogger,
  } = options;
  const axes = new Map<string, Axis>();
  const index = new LabelIndex();
  const statistics = new StoreStatistics(logger);
  let isClosed = false;

  function axisFor(id: string): Axis | undefined {
    let axis = axes.get(id);
    if (axis === undefined && axes.size < MAX_AXES) {
      axis = new Axis();
      axes.set(id, axis);
    }
    return axis;
  }

  function seriesFor(sample: StoreSample, axis: Axis): StoredSeries | Refusal {
    const refusal = refusalOf(sample);
    if (refusal !== undefined) return refusal;
    const labels = fromLabels(sample.labels);
    const known = index.get(labels);
    if (known !== undefined) {
      if (known.axis !== axis) return 'other_axis';
      return known.lastCollect === axis.collects ? 'duplicate' : known;
    }
    if (index.size >= maxSeries) return 'series_limit';
    const series = new StoredSeries(labels, axis);
    index.add(series);
    return series;
  }

  function append(
    timeMs: number,
    samples: readonly StoreSample[],
    { axis: id = 'default' }: AppendOptions = {},
  ): void {
    const axis = axisFor(id);
    if (isClosed || axis === undefined) {
      statistics.drop(isClosed ? 'closed' : 'axis_limit', samples.length);
      return;
    }
    if (!Number.isSafeInteger(timeMs) || timeMs <= axis.lastMs) {
      statistics.drop('out_of_order', samples.length);
      return;
    }
    const slot = axis.begin(timeMs);
    for (const sample of samples) {
      const series = seriesFor(sample, axis);
      if (typeof series === 'string') {
        statistics.drop(series, 1);
        continue;
      }
      series.write(slot, sample.value);
      statistics.appended += 1;
    }
    axis.endMissing(slot);
    const evicted = axis.evict(timeMs - retentionMs);
    for (const series of evicted) index.remove(series);
    statistics.evicted += evicted.length;
  }

  async function close(): Promise<void> {
    isClosed = true;
  }

  return {
    append,
    select(matchers, fromMs, toMs) {
      const slices = new Map<Axis, AxisSlice>();
      return index.find(matchers).flatMap((series) => {
        const slice = slices.get(series.axis) ?? sliceAxis(series.axis, fromMs, toMs);
        slices.set(series.axis, slice);
        return readSeries(series, slice) ?? [];
      });
    },
    series: (matchers, fromMs, toMs) =>
      index
        .find(matchers)
        .filter((series) => series.overlaps(fromMs, toMs))
        .map(({ labels }) => toLabels(labels)),
    metricProducer: createMetricProducer({
      scope: '@tidewatch/promql',
      families: () => statistics.families(index),
      clock,
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
