import type { Labels } from '@tidewatch/core';
import { fromLabels, toLabels, type LabelSet } from '../labels/label-set.ts';
import type { MatcherTest } from '../labels/match.ts';
import { Axis } from './axis.ts';
import type { Collect } from './collect.ts';
import { LabelIndex } from './label-index.ts';
import { hold, sliceAxis, type AxisSlice, type HeldSeries } from './read-series.ts';
import { isSample, refusalOf, type Refusal } from './refusal.ts';
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

/** Sources at one time, such as one a rule; one that ended makes room later. 8 bytes a collect each. */
const MAX_AXES = 1_000;

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
    const axis = this.#axisFor(axisId, timeMs);
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
      const series = this.#seriesOf(sample, axis);
      if (typeof series === 'string') {
        statistics.drop(series, 1);
        continue;
      }
      series.write(slot, sample.value);
      axis.order.note(series);
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
    const axis = this.#axisFor(axisId, timeMs);
    if (axis === undefined || timeMs <= axis.lastMs) return;
    const slot = axis.begin(timeMs);
    for (const [at, labels] of series.entries()) {
      const stored = this.#findOrAdd(labels, axis);
      if (typeof stored === 'string') this.#options.statistics.drop(stored, 1);
      else stored.write(slot, values[at] as number);
    }
    axis.endMissing(slot);
    // A series may have ended here whose last sample is already in a segment.
    for (const labels of ended) {
      const stored = this.#findOrAdd(labels, axis);
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

  /** Holds the series that satisfy all matchers as they are now; reading them can then take its time. */
  hold(tests: readonly MatcherTest[], fromMs: number, toMs: number): readonly HeldSeries[] {
    const slices = new Map<Axis, AxisSlice>();
    const held: HeldSeries[] = [];
    for (const series of this.index.find(tests)) {
      let slice = slices.get(series.axis);
      if (slice === undefined) {
        slice = sliceAxis(series.axis, fromMs, toMs);
        slices.set(series.axis, slice);
      }
      const one = slice.parts.length === 0 ? undefined : hold(series, slice);
      if (one !== undefined) held.push(one);
    }
    return held;
  }

  /** Labels of the series that may have samples within the times, both included. */
  series(tests: readonly MatcherTest[], fromMs: number, toMs: number): readonly LabelSet[] {
    return this.index
      .find(tests)
      .filter((series) => series.overlaps(fromMs, toMs))
      .map(({ labels }) => labels);
  }

  #evict(axis: Axis): void {
    this.#remove(axis.evict(axis.lastMs - this.#options.headMs));
  }

  #remove(ended: readonly StoredSeries[]): void {
    for (const series of ended) this.index.remove(series);
    this.#options.statistics.evicted += ended.length;
  }

  #axisFor(id: string, timeMs: number): Axis | undefined {
    const known = this.axes.get(id);
    if (known !== undefined) return known;
    this.#forgetSilentAxes(timeMs - this.#options.headMs);
    if (this.axes.size >= MAX_AXES) return undefined;
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

  /** Sources come and go, as workers do: one that has ended must not hold its place and its series for ever. */
  #forgetSilentAxes(beforeMs: number): void {
    for (const [id, axis] of this.axes) {
      // What no segment has yet is only here.
      if (axis.lastMs > beforeMs || axis.lastMs > axis.sealedMs) continue;
      this.axes.delete(id);
      this.#remove(axis.clear());
    }
  }

  #seriesOf(sample: StoreSample, axis: Axis): StoredSeries | Refusal {
    if (!isSample(sample)) return 'bad_sample';
    const guessed = axis.order.guess(sample.labels);
    const series =
      guessed ?? refusalOf(sample.labels) ?? this.#findOrAdd(fromLabels(sample.labels), axis, sample.labels);
    if (typeof series === 'string') return series;
    return series.lastCollect === axis.collects ? 'duplicate' : series;
  }

  /** @param given - The labels as the source wrote them, by which the next collect is guessed. */
  #findOrAdd(labels: LabelSet, axis: Axis, given?: Labels): StoredSeries | Refusal {
    const known = this.index.get(labels);
    if (known !== undefined) return known.axis === axis ? known : 'other_axis';
    if (this.index.size >= this.#options.maxSeries) return 'series_limit';
    const series = new StoredSeries(labels, axis, given ?? toLabels(labels));
    this.index.add(series);
    return series;
  }
}
