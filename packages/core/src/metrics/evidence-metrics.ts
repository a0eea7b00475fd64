import type { NumberFamily } from './metric-family.ts';

type Definition = NumberFamily['definition'];

/** What scores, confidences, segments and detectors say. Absent wherever undefined. */
export const evidenceMetrics: Readonly<
  Record<
    | 'topK'
    | 'logLoss'
    | 'brier'
    | 'rocAuc'
    | 'rocAucErrorBound'
    | 'averagePrecision'
    | 'estimatedAccuracy'
    | 'estimatedAccuracyLow'
    | 'estimatedAccuracyHigh'
    | 'estimateTrusted'
    | 'driftPsi'
    | 'driftThreshold'
    | 'driftDetected'
    | 'driftAlarms'
    | 'segmentAccuracy'
    | 'segmentPredictions'
    | 'segmentLabelled'
    | 'segmentCorrect'
    | 'detailsEvicted'
    | 'segmentsOverflowed',
    Definition
  >
> = {
  topK: gauge(
    'classification_top_k_accuracy',
    'Share of labelled predictions in the window whose true class was among the k best.',
    'k',
  ),
  logLoss: gauge('classification_log_loss', 'Mean natural logarithmic loss in the window.'),
  brier: gauge(
    'classification_brier_score',
    'Mean Brier score in the window: 0 to 1 for two classes, 0 to 2 for more.',
  ),
  rocAuc: gauge(
    'classification_roc_auc',
    'Area under the ROC curve in the window, one class against the rest.',
  ),
  rocAucErrorBound: gauge(
    'classification_roc_auc_error_bound',
    'How far the exact area under the ROC curve can be from the exported one, because scores are binned.',
  ),
  averagePrecision: gauge(
    'classification_average_precision',
    'Average precision in the window, one class against the rest.',
  ),
  estimatedAccuracy: gauge(
    'classification_estimated_accuracy',
    'Accuracy of the window as estimated from confidences, labels or not.',
  ),
  estimatedAccuracyLow: gauge(
    'classification_estimated_accuracy_low',
    'Lower end of the 95 % interval of the estimated accuracy.',
  ),
  estimatedAccuracyHigh: gauge(
    'classification_estimated_accuracy_high',
    'Upper end of the 95 % interval of the estimated accuracy.',
  ),
  estimateTrusted: gauge(
    'classification_estimate_trusted',
    'Whether the labels that came agree with what was estimated before: 1 or 0.',
  ),
  driftPsi: gauge(
    'classification_drift_psi',
    'Population stability index of the window against the reference.',
    'feature',
  ),
  driftThreshold: gauge(
    'classification_drift_psi_threshold',
    'Population stability index above which the window differs from the reference, for their sizes.',
    'feature',
  ),
  driftDetected: gauge(
    'classification_drift_detected',
    'Whether a detector has raised an alarm within the length of the window: 1 or 0.',
    'detector',
  ),
  driftAlarms: counter(
    'classification_drift_alarms_total',
    '{alarm}',
    'Alarms of a drift detector.',
    'detector',
  ),
  segmentAccuracy: gauge(
    'classification_segment_accuracy',
    'Share of labelled predictions of a segment in the window that were right.',
    'segment',
    'value',
  ),
  segmentPredictions: counter(
    'classification_segment_predictions_total',
    '{prediction}',
    'Predictions made for a value of a segment.',
    'segment',
    'value',
  ),
  segmentLabelled: counter(
    'classification_segment_labelled_total',
    '{prediction}',
    'Predictions for a value of a segment whose truth became known.',
    'segment',
    'value',
  ),
  segmentCorrect: counter(
    'classification_segment_correct_total',
    '{prediction}',
    'Labelled predictions for a value of a segment that were right.',
    'segment',
    'value',
  ),
  detailsEvicted: counter(
    'tidewatch_details_evicted_total',
    '{prediction}',
    'Predictions whose scores and segments made room for newer ones before their label came.',
  ),
  segmentsOverflowed: counter(
    'tidewatch_segment_values_refused_total',
    '{prediction}',
    'Predictions counted as _OTHER because too many values of a segment were seen.',
  ),
};

function gauge(name: string, help: string, ...labels: string[]): Definition {
  return { name, kind: 'gauge', unit: '1', help, labels: ['model', 'version', ...labels] };
}

function counter(name: string, unit: string, help: string, ...labels: string[]): Definition {
  return { name, kind: 'counter', unit, help, labels: ['model', 'version', ...labels] };
}
