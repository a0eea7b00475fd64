import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  createMetricProducer,
  guardedLogger,
  silentLogger,
  systemClock,
  type Clock,
  type Disposable,
  type Labels,
  type Logger,
  type MetricProducer,
} from '@tidewatch/core';
import type { SampleSource } from '../engine/sample-source.ts';
import { toLabels } from '../labels/label-set.ts';
import { matcherTest } from '../labels/match.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { Disk } from './disk/disk.ts';
import { Head } from './head.ts';
import { selectSeries } from './select-series.ts';
import { requireStoreOptions } from './store-options.ts';
import { StoreStatistics } from './store-statistics.ts';

export interface StoreOptions {
  /**
   * A folder for the history, which then survives the process. One folder belongs to one store.
   *
   * Each collect is written at once and synced in the background: killing the process loses at most the collect in
   * flight, a power cut those of a moment. A disk that is full or read-only is counted in
   * `tidewatch_store_disk_errors_total`, and the store goes on in memory.
   *
   * @defaultValue none: history is in memory and ends with the process
   */
  readonly dataDir?: string;
  /**
   * Samples older than this, measured from the newest, are dropped: chunks of 120 collects in memory, files of
   * 2 hours on disk.
   *
   * @defaultValue 1_296_000_000 (15 d) with `dataDir`, otherwise `headMs`
   */
  readonly retentionMs?: number;
  /** With `dataDir`: the oldest files are dropped while all are larger than this. @defaultValue no limit */
  readonly retentionBytes?: number;
  /**
   * How long samples stay in memory, where queries are fastest. With `dataDir` a file covers two thirds of it, at
   * most 2 hours.
   *
   * @defaultValue 10_800_000 (3 h)
   */
  readonly headMs?: number;
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

/** Samples in columns on a shared time axis: in memory, and on disk where there is a `dataDir`. */
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
  /**
   * Labels of the series that satisfy all matchers and may have samples within the times, both included.
   *
   * @throws {@link Error} for a regular expression that is none; {@link PromqlError} for one that is too large.
   */
  series(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): Promise<readonly Labels[]>;
  /** Publishes `tidewatch_store_*`. */
  readonly metricProducer: MetricProducer;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A store in memory, with `dataDir` on disk as well.
 *
 * @throws {@link ConfigError} for an option that cannot be used, or a `dataDir` that another store has open.
 */
export async function createStore(options: StoreOptions = {}): Promise<Store> {
  requireStoreOptions(options);
  const {
    dataDir,
    headMs = 3 * HOUR_MS,
    retentionMs = dataDir === undefined ? headMs : 15 * DAY_MS,
    retentionBytes = Infinity,
    maxSeries = 20_000,
    clock = systemClock,
  } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  const statistics = new StoreStatistics(logger);
  const segmentMs = Math.min(2 * HOUR_MS, Math.ceil((headMs * 2) / 3));
  const disk =
    dataDir === undefined ? undefined : new Disk({ dataDir, retentionMs, retentionBytes, segmentMs, logger });
  const head =
    disk === undefined
      ? new Head({ headMs: retentionMs, maxSeries, statistics })
      : new Head({ headMs: Math.min(headMs, retentionMs), maxSeries, statistics, history: disk });
  await disk?.restore(head);
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    closing ??= disk?.close(head) ?? Promise.resolve();
    return closing;
  }

  return {
    append(timeMs, samples, { axis = 'default' } = {}) {
      if (closing !== undefined) {
        statistics.drop('closed', samples.length);
        return;
      }
      const collect = head.append(timeMs, samples, axis);
      if (collect !== undefined) disk?.record(collect, head);
    },
    select: (matchers, fromMs, toMs, { pause = nextTurn } = {}) =>
      selectSeries({ matchers, fromMs, toMs, pause }, head, disk),
    async series(matchers, fromMs, toMs) {
      const tests = matchers.map(matcherTest);
      for (const test of tests) await test.prepare(head.index.valuesOf(test.matcher.name), nextTurn);
      // First: what the head evicts meanwhile is held, and what it evicted before is on disk.
      const recent = head.series(tests, fromMs, toMs);
      const older = (await disk?.series(tests, fromMs, toMs, nextTurn)) ?? [];
      if (older.length === 0) return recent.map(toLabels);
      return [...new Map([...older, ...recent].map((each) => [each.key, each])).values()].map(toLabels);
    },
    metricProducer: createMetricProducer({
      scope: '@tidewatch/promql',
      families: () => [...statistics.families(head.index), ...(disk?.families() ?? [])],
      clock,
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
