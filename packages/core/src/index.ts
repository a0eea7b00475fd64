export type { Labels, Sample, Series, Vector } from './vocabulary/sample.ts';
export type { InstantQuery, QueryOptions, QueryRange, RangeQuery } from './vocabulary/query.ts';
export { systemClock, type Clock } from './vocabulary/clock.ts';
export { guardedLogger, silentLogger, type Logger } from './vocabulary/logger.ts';
export type { Disposable, Locale } from './vocabulary/disposable.ts';
export { ConfigError, type ConfigErrorCode, type ConfigIssue } from './vocabulary/config-error.ts';
export { nearestName } from './vocabulary/nearest-name.ts';
export type {
  Exemplar,
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
export { remoteAddressOf } from './http/remote-address.ts';
export { textResponse } from './http/text-response.ts';
export { loopbackRefusal, type LoopbackRefusal } from './http/loopback-rule.ts';
export { toNodeHandler, type NodeHandler, type NodeHandlerOptions } from './http/node-handler.ts';
export { publishToMeter, type Meter, type PublishToMeterOptions } from './metrics/publish-to-meter.ts';
export { coreMetrics } from './metrics/core-metrics.ts';
export {
  createClassifierMonitor,
  ClassifierMonitor,
  type WorkerReports,
} from './monitor/classifier-monitor.ts';
export type { ClassifierMonitorOptions } from './monitor/monitor-options.ts';
export type {
  ClassifierRecorder,
  ClassifyOptions,
  ErrorRecord,
  LabelOptions,
  PredictionRecord,
  Reading,
} from './monitor/classifier-recorder.ts';
export type { ErrorReason } from './monitor/error-reason.ts';
export type { ClassifierSnapshot } from './monitor/classifier-snapshot.ts';
export type { ConfusionCell } from './monitor/class-names.ts';
export type { Averages, AveragedScores, UndefinedScore } from './quality/averages.ts';
export type { Agreement } from './quality/agreement.ts';
export type { ClassScores } from './quality/class-scores.ts';
export type { AverageIntervals, ScoreIntervals } from './quality/score-intervals.ts';
export type { Interval, Proportion } from './quality/wilson-interval.ts';
export type { DurationQuantiles } from './window/log-buckets.ts';
export { requestMetrics, type RequestMetrics, type RequestMetricsOptions } from './http/request-metrics.ts';
export type { RequestObserver, RouteOptions } from './http/observe-requests.ts';
export type { FastifyRequestLike, HonoContextLike, KoaContextLike } from './http/framework-route.ts';
export type { RequestObservation } from './http/request-observation.ts';
export { openMetricsHandler, type OpenMetricsHandlerOptions } from './exposition/open-metrics-handler.ts';
export {
  createForwardingRecorder,
  type ForwardingRecorder,
  type ForwardingRecorderOptions,
} from './fleet/forwarding-recorder.ts';
export {
  receiveForwarded,
  type ForwardedReceiver,
  type ListenedWorker,
  type ReceiveForwardedOptions,
} from './fleet/receive-forwarded.ts';
export type { ForwardedEvent, ForwardedLabel, ForwardedMessage } from './fleet/forwarded-message.ts';
export type { DriftOptions } from './monitor/monitor-options.ts';
export type { Scores } from './scores/score-reader.ts';
export type { TopKTies } from './scores/top-k-credit.ts';
export type { Mean } from './scores/mean-sum.ts';
export type { CurveArea, ScoreSummary, TopKAccuracy } from './scores/score-summary.ts';
export type { BinnedArea } from './curves/binned-curve.ts';
export type { CalibrationBin } from './quality/calibration-bins.ts';
export type { EvidenceSnapshot, DriftSnapshot } from './evidence/evidence-snapshot.ts';
export type { CountedSnapshot } from './monitor/classifier-snapshot.ts';
export type { PerformanceEstimate } from './estimate/performance-estimate.ts';
export type { EstimateCoverage } from './estimate/estimate-grade.ts';
export type { SegmentOption } from './segments/segment-values.ts';
export type { SegmentScores } from './segments/segment-book.ts';
export type { DistributionDrift } from './drift/distribution-drift.ts';
export type { DetectorReading } from './drift/detector-watch.ts';
export type { DriftDetector } from './drift/drift-detector.ts';
export { adwin, type AdwinOptions } from './drift/adwin.ts';
export { ddm, type DdmOptions } from './drift/ddm.ts';
export { eDetector, type EDetectorOptions } from './drift/e-detector.ts';
export { pageHinkley, type PageHinkleyOptions } from './drift/page-hinkley.ts';
export type { ClassifierState, ScoreState, StateConfig, WindowState } from './state/classifier-state.ts';
export type { CountRow, CountTable } from './state/count-table.ts';
export type { MeanSumState } from './scores/mean-sum.ts';
export { snapshotTable } from './table/snapshot-table.ts';
export type { SampleAverages } from './multilabel/set-counts.ts';
export type { Answer } from './monitor/classifier-recorder.ts';
export type { Task } from './monitor/monitor-options.ts';
