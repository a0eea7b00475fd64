import { evidenceMetrics } from './evidence-metrics.ts';
import type { HistogramFamily, MetricDefinition, NumberFamily } from './metric-family.ts';

type NumberDefinition = NumberFamily['definition'];
type HistogramDefinition = HistogramFamily['definition'];
type Table<Key extends string, Definition = NumberDefinition> = Readonly<Record<Key, Definition>>;

/** Quality in the window. Absent below `minSamples` labelled predictions and wherever undefined. */
export const qualityMetrics: Table<
  | 'accuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'balancedAccuracy'
  | 'mcc'
  | 'kappa'
  | 'ece'
  | 'classPrecision'
  | 'classRecall'
  | 'classF1'
  | 'baselineAccuracy'
> = {
  accuracy: gauge(
    'classification_accuracy',
    '1',
    'Share of labelled predictions in the window that were right.',
  ),
  precision: gauge(
    'classification_precision',
    '1',
    'Precision in the window, averaged over classes.',
    'average',
  ),
  recall: gauge('classification_recall', '1', 'Recall in the window, averaged over classes.', 'average'),
  f1: gauge('classification_f1_score', '1', 'F1 score in the window, averaged over classes.', 'average'),
  balancedAccuracy: gauge(
    'classification_balanced_accuracy',
    '1',
    'Mean recall in the window over classes that occurred.',
  ),
  mcc: gauge('classification_mcc', '1', 'Matthews correlation coefficient in the window, -1 to 1.'),
  kappa: gauge('classification_kappa', '1', "Cohen's kappa in the window, -1 to 1."),
  ece: gauge(
    'classification_calibration_ece',
    '1',
    'Expected calibration error in the window: mean gap between confidence and accuracy over 15 bins.',
  ),
  classPrecision: gauge(
    'classification_class_precision',
    '1',
    'Precision of one class in the window.',
    'class',
  ),
  classRecall: gauge('classification_class_recall', '1', 'Recall of one class in the window.', 'class'),
  classF1: gauge('classification_class_f1_score', '1', 'F1 score of one class in the window.', 'class'),
  baselineAccuracy: gauge(
    'classification_baseline_accuracy',
    '1',
    'Accuracy that the model is expected to have, as configured.',
  ),
};

/** Since the start of the process: what a server adds up over replicas before it divides. */
export const countMetrics: Table<
  'predictions' | 'labelled' | 'truePositives' | 'falsePositives' | 'falseNegatives' | 'confusion'
> = {
  predictions: counter('classification_predictions_total', '{prediction}', 'Predictions made.', 'predicted'),
  labelled: counter('classification_labelled_total', '{prediction}', 'Predictions whose truth became known.'),
  truePositives: counter(
    'classification_true_positives_total',
    '{prediction}',
    'Labelled predictions that said this class and were right.',
    'class',
  ),
  falsePositives: counter(
    'classification_false_positives_total',
    '{prediction}',
    'Labelled predictions that said this class and were wrong.',
    'class',
  ),
  falseNegatives: counter(
    'classification_false_negatives_total',
    '{prediction}',
    'Labelled predictions of this true class that said another.',
    'class',
  ),
  confusion: counter(
    'classification_confusion_total',
    '{prediction}',
    'Labelled predictions by true and predicted class.',
    'actual',
    'predicted',
  ),
};

/** How the service answers, and how its labels arrive. */
export const serviceMetrics: Table<'errors' | 'inflight' | 'pendingLabels' | 'labelCoverage'> = {
  errors: counter('classification_errors_total', '{call}', 'Calls of the classifier that failed.', 'reason'),
  inflight: gauge(
    'classification_inflight_requests',
    '{call}',
    'Calls of the classifier that have not ended yet.',
  ),
  pendingLabels: gauge(
    'classification_pending_labels',
    '{prediction}',
    'Predictions that wait for their truth.',
  ),
  labelCoverage: gauge(
    'classification_label_coverage',
    '1',
    'Share of the predictions in the window whose truth is known.',
  ),
};

export const serviceHistograms: Table<'requestDuration' | 'labelDelay', HistogramDefinition> = {
  requestDuration: histogram(
    'classification_request_duration_seconds',
    'Duration of calls of the classifier, failed ones included.',
    'model',
    'version',
  ),
  labelDelay: histogram(
    'classification_label_delay_seconds',
    'Time from a prediction to the label that came for it.',
    'model',
    'version',
  ),
};

/** What the HTTP middleware counts. */
export const httpMetrics: Table<'requests' | 'seriesRefused'> = {
  requests: {
    name: 'http_requests_total',
    kind: 'counter',
    unit: '{request}',
    help: 'HTTP requests answered.',
    labels: ['method', 'route', 'code'],
  },
  seriesRefused: {
    name: 'tidewatch_http_series_refused_total',
    kind: 'counter',
    unit: '{request}',
    help: 'HTTP requests counted as _OTHER because too many routes, methods and codes were seen.',
    labels: [],
  },
};

export const httpDuration: HistogramDefinition = histogram(
  'http_server_request_duration_seconds',
  'Duration of HTTP requests, from the first middleware to the last byte handed over.',
  'method',
  'route',
  'code',
);

/** How honest the instruments are: what they could not take, join or show. */
export const selfMetrics: Table<
  'labelOutcomes' | 'refused' | 'dropped' | 'overflowed' | 'memoryCap' | 'workers' | 'workersGone'
> = {
  labelOutcomes: counter(
    'tidewatch_label_outcomes_total',
    '{label}',
    'Labels, and predictions waiting for one, by what became of them.',
    'outcome',
  ),
  refused: counter(
    'tidewatch_refused_total',
    '{event}',
    'Events, or parts of them, that could not be used.',
    'reason',
  ),
  dropped: counter(
    'tidewatch_forwarding_dropped_total',
    '{event}',
    'Events that workers dropped on the way to the process that counts.',
  ),
  workers: gauge(
    'tidewatch_workers',
    '{worker}',
    'Workers that forward to this process, by whether they were heard of in the last second.',
    'state',
  ),
  workersGone: counter('tidewatch_workers_gone_total', '{worker}', 'Workers that forwarded and ended.'),
  overflowed: counter(
    'tidewatch_series_refused_total',
    '{event}',
    'Events counted as _OTHER because a table of label values was full.',
    'table',
  ),
  memoryCap: gauge(
    'tidewatch_core_memory_cap_bytes',
    'By',
    'Most memory that the monitor of a model, or the HTTP middleware, can come to hold with its options.',
    'part',
  ),
};

/** What the scrape handler says about itself. */
export const expositionMetrics: Table<'collectErrors' | 'refused'> = {
  collectErrors: {
    name: 'tidewatch_collect_errors_total',
    kind: 'counter',
    unit: '{collect}',
    help: 'Collects of a metric producer that failed or took too long; the other producers were served.',
    labels: [],
  },
  refused: {
    name: 'tidewatch_exposition_refused_total',
    kind: 'counter',
    unit: '{series}',
    help: 'Series left out of a scrape because the format cannot express them.',
    labels: ['reason'],
  },
};

/** Every metric that this package exposes. */
export const coreMetrics: readonly MetricDefinition[] = [
  qualityMetrics,
  countMetrics,
  serviceMetrics,
  serviceHistograms,
  httpMetrics,
  { httpDuration },
  selfMetrics,
  expositionMetrics,
  evidenceMetrics,
].flatMap((table): MetricDefinition[] => Object.values(table));

function gauge(name: string, unit: string, help: string, ...labels: string[]): NumberDefinition {
  return { name, kind: 'gauge', unit, help, labels: ['model', 'version', ...labels] };
}

function counter(name: string, unit: string, help: string, ...labels: string[]): NumberDefinition {
  return { name, kind: 'counter', unit, help, labels: ['model', 'version', ...labels] };
}

function histogram(name: string, help: string, ...labels: string[]): HistogramDefinition {
  return { name, kind: 'histogram', unit: 's', help, labels };
}
