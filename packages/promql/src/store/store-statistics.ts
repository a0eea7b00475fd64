import type { Logger, MetricFamily } from '@tidewatch/core';
import {
  storeAppendedSamples,
  storeBytes,
  storeDroppedSamples,
  storeEvictedSeries,
  storeSeries,
} from '../metrics.ts';
import type { LabelIndex } from './label-index.ts';
import { REFUSALS, type Refusal } from './refusal.ts';
import { COLUMN_BYTES } from './stored-series.ts';

/** Counts what the store takes and refuses. The first refusal for each reason is logged, the rest only counted. */
export class StoreStatistics {
  appended = 0;
  evicted = 0;
  readonly #logger: Logger;
  readonly #dropped = new Map<Refusal, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  drop(reason: Refusal, samples: number): void {
    if (samples === 0) return;
    const before = this.#dropped.get(reason);
    this.#dropped.set(reason, (before ?? 0) + samples);
    if (before === undefined) {
      this.#logger.warn({ reason, samples }, 'samples were not stored; further ones are only counted');
    }
  }

  families(index: LabelIndex): readonly MetricFamily[] {
    let columns = 0;
    for (const series of index.all()) columns += series.columns;
    const dropped = REFUSALS.map((reason) => ({
      labels: { reason },
      value: this.#dropped.get(reason) ?? 0,
    }));
    return [
      { definition: storeSeries, points: [{ labels: {}, value: index.size }] },
      { definition: storeBytes, points: [{ labels: {}, value: columns * COLUMN_BYTES }] },
      { definition: storeAppendedSamples, points: [{ labels: {}, value: this.appended }] },
      { definition: storeDroppedSamples, points: dropped },
      { definition: storeEvictedSeries, points: [{ labels: {}, value: this.evicted }] },
    ];
  }
}
