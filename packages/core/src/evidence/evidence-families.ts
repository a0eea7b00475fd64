import { evidenceMetrics } from '../metrics/evidence-metrics.ts';
import type { NumberFamily } from '../metrics/metric-family.ts';
import type { SegmentTotal } from '../segments/segment-book.ts';
import type { Labels } from '../vocabulary/sample.ts';
import type { MonitorSettings } from '../monitor/monitor-options.ts';
import type { Evidence } from './evidence.ts';
import type { EvidenceSnapshot } from './evidence-snapshot.ts';

type Value = readonly [labels: Labels, value: number | undefined];

/** Families of a monitor beyond right and wrong. Quality of fewer than `minSamples` labelled events has no point. */
export function evidenceFamilies(
  snapshot: EvidenceSnapshot,
  evidence: Evidence,
  { model, version, minSamples }: Pick<MonitorSettings, 'model' | 'version' | 'minSamples'>,
): NumberFamily[] {
  const identity: Labels = version === undefined ? { model } : { model, version };
  const family = (definition: NumberFamily['definition'], values: readonly Value[]): NumberFamily => ({
    definition,
    points: values.flatMap(([labels, value]) =>
      value === undefined ? [] : [{ labels: { ...labels, ...identity }, value }],
    ),
  });
  const enough = <Score extends { readonly n: number }>(score: Score | undefined): Score | undefined =>
    score !== undefined && score.n >= minSamples ? score : undefined;
  const { estimated, segments, topK } = snapshot;
  const { features, detectors } = snapshot.drift;
  const totals = evidence.book.totals();
  const rocAuc = enough(snapshot.rocAuc);
  const ofSegments = (definition: NumberFamily['definition'], count: keyof SegmentTotal): NumberFamily =>
    family(
      definition,
      totals.map((total) => [{ segment: total.segment, value: total.value }, Number(total[count])]),
    );

  return [
    family(
      evidenceMetrics.topK,
      topK.map((share) => [{ k: String(share.k) }, enough(share)?.value]),
    ),
    family(evidenceMetrics.logLoss, [[{}, enough(snapshot.logLoss)?.value]]),
    family(evidenceMetrics.brier, [[{}, enough(snapshot.brier)?.value]]),
    family(evidenceMetrics.rocAuc, [[{}, rocAuc?.value]]),
    family(evidenceMetrics.rocAucErrorBound, [[{}, rocAuc?.errorBound]]),
    family(evidenceMetrics.averagePrecision, [[{}, enough(snapshot.averagePrecision)?.value]]),
    family(evidenceMetrics.estimatedAccuracy, [[{}, enough(estimated)?.accuracy]]),
    family(evidenceMetrics.estimatedAccuracyLow, [[{}, enough(estimated)?.interval.low]]),
    family(evidenceMetrics.estimatedAccuracyHigh, [[{}, enough(estimated)?.interval.high]]),
    family(evidenceMetrics.estimateTrusted, [[{}, estimated && Number(estimated.trusted)]]),
    family(
      evidenceMetrics.driftPsi,
      features.map(({ feature, psi }) => [{ feature }, psi]),
    ),
    family(
      evidenceMetrics.driftThreshold,
      features.map(({ feature, threshold }) => [{ feature }, threshold]),
    ),
    family(evidenceMetrics.driftDetected, [
      ...detectors.map(({ detector, detected }): Value => [{ detector }, Number(detected)]),
      ...features.map(({ feature, isDrift }): Value => [{ detector: `psi-${feature}` }, Number(isDrift)]),
    ]),
    family(
      evidenceMetrics.driftAlarms,
      detectors.map(({ detector, alarms }) => [{ detector }, alarms]),
    ),
    family(
      evidenceMetrics.segmentAccuracy,
      segments.map(({ segment, value, accuracy }) => [{ segment, value }, enough(accuracy)?.value]),
    ),
    ofSegments(evidenceMetrics.segmentPredictions, 'predictions'),
    ofSegments(evidenceMetrics.segmentLabelled, 'labelled'),
    ofSegments(evidenceMetrics.segmentCorrect, 'correct'),
    family(evidenceMetrics.detailsEvicted, [[{}, evidence.detailsEvicted]]),
    family(evidenceMetrics.segmentsOverflowed, [[{}, evidence.book.overflowed]]),
  ];
}
