import type { SelectedSeries } from '../engine/sample-source.ts';
import { fromLabels, type LabelSet } from '../labels/label-set.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { Axis } from './axis.ts';
import type { Collect } from './collect.ts';
import { LabelIndex } from './label-index.ts';
import { presentSamples, readColumn, sliceAxis, type AxisSlice } from './read-series.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import type { StoreSample } from './store.ts';
import type { StoreStatistics } from './store-statistics.ts';
import { StoredSeries } from './stored-series.ts';

export interface HeadOptions {
  /** Samples older than this, measured from the newest of their axis, are evicted once a segment has them. */
  readonly headMs: number;
  readonly maxSeries: number;
  readonly statistics: StoreStatistics;
  /** Where older samples are, if anywhere. */
  readonly history?: History;
}

interface History {
  /** The newest time of an axis there; -Infinity when it has none. */
  lastMs(axisId: string): number;
  /** Whether it takes what the head has: then the head waits for that before it evicts. */
  readonly canWrite: boolean;
}

const MAX_AXES = 64;

/** The recent samples, in memory, in columns on a shared time axis. */
export class Head {
  readonly index: LabelIndex = new LabelIndex();
  readonly axes: Map<string, Axis> = new Map();
  readonly #options: HeadOptions;

  constructor(options: HeadOptions) {
    this.#options = options;
  }

  /** Takes one collect, and answers what it changed; `undefined` when nothing. What is refused is counted. */
  append(timeMs: number, samples: readonly StoreSample[], axisId: string): Collect | undefined {
    const { statistics } = this.#options;
    const axis = this.#axisFor(axisId);
    if (axis === undefined) {
      statistics.drop('axis_limit', samples.length);
      return undefined;
    }
    if (!Number.isSafeInteger(timeMs) || timeMs <= axis.lastMs) {
      statistics.drop('out_of_order', samples.length);
      return undefined;
    }
    const slot = axis.begin(timeMs);
    const written: LabelSet[] = [];
    const values: number[] = [];
    for (const sample of samples) {
      const series = refusalOf(sample) ?? this.#seriesFor(fromLabels(sample.labels), axis);
      if (typeof series === 'string') {
        statistics.drop(series, 1);
        continue;
      }
      series.write(slot, sample.value);
      written.push(series.labels);
      values.push(sample.value);
    }
    statistics.appended += written.length;
    const ended = axis.endMissing(slot).map(({ labels }) => labels);
    this.#evict(axis);
    return { axisId, timeMs, series: written, values, ended };
  }

  /** Takes a collect that was stored before. One that is not after the last of its axis is left out. */
  restore({ axisId, timeMs, series, values, ended }: Collect): void {
    const axis = this.#axisFor(axisId);
    if (axis === undefined || timeMs <= axis.lastMs) return;
    const slot = axis.begin(timeMs);
    for (const [at, labels] of series.entries()) {
      const stored = this.#seriesFor(labels, axis);
      if (typeof stored === 'string') this.#options.statistics.drop(stored, 1);
      else stored.write(slot, values[at] as number);
    }
    axis.endMissing(slot);
    // A series may have ended here whose last sample is already in a segment.
    for (const labels of ended) {
      const stored = this.#seriesFor(labels, axis);
      if (typeof stored !== 'string') axis.end(stored, slot);
    }
  }

  /** Ends all series just after their last collect: nobody collects from here on. Answers what that changed. */
  endAll(): readonly Collect[] {
    const collects: Collect[] = [];
    for (const [axisId, axis] of this.axes) {
      const collect = axis.isLive ? this.append(axis.lastMs + 1, [], axisId) : undefined;
      if (collect !== undefined) collects.push(collect);
    }
    return collects;
  }

  select(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): readonly SelectedSeries[] {
    const slices = new Map<Axis, AxisSlice>();
    return this.index.find(matchers).flatMap((series) => {
      const slice = slices.get(series.axis) ?? sliceAxis(series.axis, fromMs, toMs);
      slices.set(series.axis, slice);
      const column = readColumn(series, slice);
      return column === undefined ? [] : (presentSamples(series.labels, slice.times, column) ?? []);
    });
  }

  /** Labels of the series that may have samples within the times, both included. */
  series(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): readonly LabelSet[] {
    return this.index
      .find(matchers)
      .filter((series) => series.overlaps(fromMs, toMs))
      .map(({ labels }) => labels);
  }

  #evict(axis: Axis): void {
    const evicted = axis.evict(axis.lastMs - this.#options.headMs);
    for (const series of evicted) this.index.remove(series);
    this.#options.statistics.evicted += evicted.length;
  }

  #axisFor(id: string): Axis | undefined {
    const known = this.axes.get(id);
    if (known !== undefined || this.axes.size >= MAX_AXES) return known;
    const axis = new Axis();
    const { history } = this.#options;
    if (history !== undefined) {
      axis.lastMs = history.lastMs(id);
      axis.evictedMs = axis.lastMs;
      if (history.canWrite) axis.sealedMs = axis.lastMs;
    }
    this.axes.set(id, axis);
    return axis;
  }

  #seriesFor(labels: LabelSet, axis: Axis): StoredSeries | Refusal {
    const known = this.index.get(labels);
    if (known !== undefined) {
      if (known.axis !== axis) return 'other_axis';
      return known.lastCollect === axis.collects ? 'duplicate' : known;
    }
    if (this.index.size >= this.#options.maxSeries) return 'series_limit';
    const series = new StoredSeries(labels, axis);
    this.index.add(series);
    return series;
  }
}
