export { toNodeHandler } from '@tidewatch/core';
export { PromqlError, type PromqlErrorCode } from './errors.ts';
export { createEngine, type Engine, type EngineOptions, type EngineQueryOptions } from './engine/engine.ts';
export type { InstantResult, RangeResult } from './engine/results.ts';
export type { QueryLimits } from './engine/budget.ts';
export type { NameRemoval } from './engine/evaluation.ts';
export type { SampleSource, SelectedSeries, SelectOptions } from './engine/sample-source.ts';
export type { LabelSet } from './labels/label-set.ts';
export {
  createStore,
  type AppendOptions,
  type Store,
  type StoreOptions,
  type StoreSample,
} from './store/store.ts';
export { openTelemetryReader, type OpenTelemetryReader, type ReaderOptions } from './otel/reader.ts';
export { createApi, type ApiOptions } from './api/api.ts';
export type { GuardOptions } from './api/guard.ts';
export { prometheus, type PrometheusClient, type PrometheusOptions } from './client/prometheus.ts';
export type { WithRemarks } from './client/with-remarks.ts';
export { parse } from './language/parse.ts';
export { print } from './language/print.ts';
export type { Expr, LabelMatcher } from './language/ast.ts';
export { promqlMetrics } from './metrics.ts';
