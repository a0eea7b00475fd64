import {
  countMetrics,
  qualityMetrics,
  selfMetrics,
  serviceHistograms,
  serviceMetrics,
} from '../metrics/core-metrics.ts';
import type { MetricFamily, NumberFamily } from '../metrics/metric-family.ts';
import type { Averages } from '../quality/averages.ts';
import type { ClassScores } from '../quality/class-scores.ts';
import { falseNegatives, falsePositives } from '../quality/class-tally.ts';
import type { Labels } from '../vocabulary/sample.ts';
import type { ClassNames, ConfusionCell } from './class-names.ts';
import { classTallies, type ClassifierSnapshot } from './classifier-snapshot.ts';
import type { ClassifierTotals } from './classifier-totals.ts';
import type { MonitorSettings } from './monitor-options.ts';

type Value = readonly [labels: Labels, value: number | undefined];

/** All families of a monitor at one moment. An undefined score has no point: absent is not zero. */
export function monitorFamilies(
  snapshot: ClassifierSnapshot,
  totals: ClassifierTotals,
  names: ClassNames,
  {
    model,
    version,
    minSamples,
    baselineAccuracy,
  }: Pick<MonitorSettings, 'model' | 'version' | 'minSamples' | 'baselineAccuracy'>,
): MetricFamily[] {
  const identity: Labels = version === undefined ? { model } : { model, version };
  const family = (definition: NumberFamily['definition'], values: Iterable<Value>): NumberFamily => ({
    definition,
    points: Array.from(values).flatMap(([labels, value]) =>
      value === undefined ? [] : [{ labels: { ...labels, ...identity }, value }],
    ),
  });
  const single = (definition: NumberFamily['definition'], value: number | undefined): NumberFamily =>
    family(definition, [[{}, value]]);

  const quality: MetricFamily[] = [
    single(qualityMetrics.accuracy, snapshot.accuracy?.value),
    family(qualityMetrics.precision, averageValues(snapshot.precision)),
    family(qualityMetrics.recall, averageValues(snapshot.recall)),
    family(qualityMetrics.f1, averageValues(snapshot.f1)),
    single(qualityMetrics.balancedAccuracy, snapshot.balancedAccuracy),
    single(qualityMetrics.mcc, snapshot.mcc),
    single(qualityMetrics.kappa, snapshot.kappa),
    single(qualityMetrics.ece, snapshot.ece),
    family(
      qualityMetrics.classPrecision,
      classValues(snapshot, ({ precision }) => precision?.value),
    ),
    family(
      qualityMetrics.classRecall,
      classValues(snapshot, ({ recall }) => recall?.value),
    ),
    family(
      qualityMetrics.classF1,
      classValues(snapshot, ({ f1 }) => f1),
    ),
  ];
  const tallies = classTallies(totals, names);

  return [
    ...(snapshot.labelled < minSamples ? [] : quality),
    single(qualityMetrics.baselineAccuracy, baselineAccuracy),
    family(
      countMetrics.predictions,
      names.entries().map(([predicted, number]) => [{ predicted }, totals.predictions.get(number)]),
    ),
    single(countMetrics.labelled, totals.labelled),
    family(
      countMetrics.truePositives,
      tallies.map((tally) => [{ class: tally.class }, tally.truePositives]),
    ),
    family(
      countMetrics.falsePositives,
      tallies.map((tally) => [{ class: tally.class }, falsePositives(tally)]),
    ),
    family(
      countMetrics.falseNegatives,
      tallies.map((tally) => [{ class: tally.class }, falseNegatives(tally)]),
    ),
    family(countMetrics.confusion, confusionValues(names.cellNames(totals.confusion.entries()))),
    family(serviceMetrics.errors, recordValues('reason', totals.errors.entries())),
    single(serviceMetrics.inflight, snapshot.inflight),
    single(serviceMetrics.pendingLabels, snapshot.labels.pending),
    single(serviceMetrics.labelCoverage, snapshot.labels.coverage),
    { definition: serviceHistograms.requestDuration, points: [totals.requestDuration.point(identity)] },
    { definition: serviceHistograms.labelDelay, points: [totals.labelDelay.point(identity)] },
    family(selfMetrics.labelOutcomes, recordValues('outcome', Object.entries(totals.labelOutcomes))),
    family(selfMetrics.refused, recordValues('reason', Object.entries(totals.refusals))),
    single(selfMetrics.dropped, totals.forwardingDropped),
    family(selfMetrics.overflowed, [
      [{ table: 'classes' }, names.overflowed],
      [{ table: 'confusion' }, totals.confusion.overflowed],
      [{ table: 'errors' }, totals.errors.overflowed],
    ]),
  ];
}

function averageValues(averages: Averages): Value[] {
  return (['macro', 'micro', 'weighted', 'binary'] as const).map((average) => [
    { average },
    averages[average],
  ]);
}

function classValues(
  { perClass }: ClassifierSnapshot,
  score: (scores: ClassScores) => number | undefined,
): Value[] {
  return perClass.map((scores) => [{ class: scores.class }, score(scores)]);
}

function confusionValues(cells: readonly ConfusionCell[]): Value[] {
  return cells.map(({ actual, predicted, count }) => [{ actual, predicted }, count]);
}

function recordValues(label: string, counts: Iterable<readonly [string, number]>): Value[] {
  return Array.from(counts, ([value, count]) => [{ [label]: value }, count]);
}
