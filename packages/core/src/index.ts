export type { Labels, Sample, Series, Vector } from './vocabulary/sample.ts';
export type { InstantQuery, QueryOptions, QueryRange, RangeQuery } from './vocabulary/query.ts';
export { systemClock, type Clock } from './vocabulary/clock.ts';
export { silentLogger, type Logger } from './vocabulary/logger.ts';
export type { Disposable, Locale } from './vocabulary/disposable.ts';
export { ConfigError, type ConfigErrorCode, type ConfigIssue } from './vocabulary/config-error.ts';
export { nearestName } from './vocabulary/nearest-name.ts';
export type {
  HistogramFamily,
  HistogramPoint,
  MetricDefinition,
  MetricFamily,
  MetricKind,
  NumberFamily,
  NumberPoint,
} from './metrics/metric-family.ts';
export {
  createMetricProducer,
  type MetricProducer,
  type MetricProducerOptions,
} from './metrics/metric-producer.ts';
export { firstHandler, type FetchHandler } from './http/fetch-handler.ts';
export { toNodeHandler, type NodeHandler, type NodeHandlerOptions } from './http/node-handler.ts';
