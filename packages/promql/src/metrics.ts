import type { HistogramFamily, MetricDefinition, NumberFamily } from '@tidewatch/core';

export const queryRequests: NumberFamily['definition'] = {
  name: 'tidewatch_query_requests_total',
  kind: 'counter',
  unit: '{query}',
  help: 'PromQL queries by how they ended.',
  labels: ['kind', 'outcome'],
};

export const queryDuration: HistogramFamily['definition'] = {
  name: 'tidewatch_query_duration_seconds',
  kind: 'histogram',
  unit: 's',
  help: 'Wall time of PromQL queries.',
  labels: ['kind'],
};

export const querySamples: NumberFamily['definition'] = {
  name: 'tidewatch_query_samples_total',
  kind: 'counter',
  unit: '{sample}',
  help: 'Samples read and values computed by PromQL queries.',
  labels: [],
};

export const storeSeries: NumberFamily['definition'] = {
  name: 'tidewatch_store_series',
  kind: 'gauge',
  unit: '{series}',
  help: 'Series held in the store.',
  labels: [],
};

export const storeBytes: NumberFamily['definition'] = {
  name: 'tidewatch_store_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'Memory of the stored samples, without labels.',
  labels: [],
};

export const storeAppendedSamples: NumberFamily['definition'] = {
  name: 'tidewatch_store_appended_samples_total',
  kind: 'counter',
  unit: '{sample}',
  help: 'Samples taken into the store.',
  labels: [],
};

export const storeDroppedSamples: NumberFamily['definition'] = {
  name: 'tidewatch_store_dropped_samples_total',
  kind: 'counter',
  unit: '{sample}',
  help: 'Samples refused by the store, by reason.',
  labels: ['reason'],
};

export const storeEvictedSeries: NumberFamily['definition'] = {
  name: 'tidewatch_store_evicted_series_total',
  kind: 'counter',
  unit: '{series}',
  help: 'Series whose last sample left the retention.',
  labels: [],
};

export const storeDiskBytes: NumberFamily['definition'] = {
  name: 'tidewatch_store_disk_bytes',
  kind: 'gauge',
  unit: 'By',
  help: 'Size of the files in dataDir, by kind.',
  labels: ['kind'],
};

export const storeDiskErrors: NumberFamily['definition'] = {
  name: 'tidewatch_store_disk_errors_total',
  kind: 'counter',
  unit: '{error}',
  help: 'What the store could not do on disk, by operation. It goes on in memory.',
  labels: ['operation'],
};

export const storeDiskRepairs: NumberFamily['definition'] = {
  name: 'tidewatch_store_disk_repairs_total',
  kind: 'counter',
  unit: '{repair}',
  help: 'Damage found in dataDir: write-ahead logs cut, files set aside.',
  labels: ['repair'],
};

export const readerSkippedPoints: NumberFamily['definition'] = {
  name: 'tidewatch_store_reader_skipped_points_total',
  kind: 'counter',
  unit: '{point}',
  help: 'OpenTelemetry data points the reader could not write as series, by reason.',
  labels: ['reason'],
};

export const readerCollectErrors: NumberFamily['definition'] = {
  name: 'tidewatch_store_reader_collect_errors_total',
  kind: 'counter',
  unit: '{error}',
  help: 'Collects that failed, and errors that producers reported within one.',
  labels: [],
};

/** Every metric of this package, each name written once. */
export const promqlMetrics: readonly MetricDefinition[] = [
  queryRequests,
  queryDuration,
  querySamples,
  storeSeries,
  storeBytes,
  storeAppendedSamples,
  storeDroppedSamples,
  storeEvictedSeries,
  storeDiskBytes,
  storeDiskErrors,
  storeDiskRepairs,
  readerSkippedPoints,
  readerCollectErrors,
];
