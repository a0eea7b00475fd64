import type { WorkerBook } from '../fleet/worker-book.ts';
import {
  countMetrics,
  qualityMetrics,
  selfMetrics,
  serviceHistograms,
  serviceMetrics,
} from '../metrics/core-metrics.ts';
import type { MetricFamily, NumberFamily, NumberPoint } from '../metrics/metric-family.ts';
import type { Averages } from '../quality/averages.ts';
import type { ClassScores } from '../quality/class-scores.ts';
import { falseNegatives, falsePositives } from '../quality/class-tally.ts';
import { Tally } from '../quality/tally.ts';
import type { Labels } from '../vocabulary/sample.ts';
import type { ClassNames } from './class-names.ts';
import { classTallies, type CountedSnapshot } from './classifier-snapshot.ts';
import type { ClassifierTotals } from './classifier-totals.ts';
import { monitorMemoryCap } from './memory-cap.ts';
import type { TraceExemplars } from './trace-exemplars.ts';
import type { MonitorSettings } from './monitor-options.ts';

type Value = readonly [labels: Labels, value: number | undefined];

/**
 * All families of a monitor at one moment. An undefined score has no point: absent is not zero.
 *
 * What several families must agree about is read before the first; between two families others may work.
 */
export function* monitorFamilies(
  snapshot: CountedSnapshot,
  totals: ClassifierTotals,
  names: ClassNames,
  exemplars: TraceExemplars,
  workers: ReturnType<WorkerBook['states']>,
  settings: MonitorSettings,
): Generator<MetricFamily> {
  const { model, version, minSamples, baselineAccuracy } = settings;
  const identity: Labels = version === undefined ? { model } : { model, version };
  const family = (definition: NumberFamily['definition'], values: Iterable<Value>): NumberFamily => {
    const points: NumberPoint[] = [];
    for (const [labels, value] of values) {
      if (value !== undefined) points.push({ labels: { ...labels, ...identity }, value });
    }
    return { definition, points };
  };
  const single = (definition: NumberFamily['definition'], value: number | undefined): NumberFamily =>
    family(definition, [[{}, value]]);

  const tallies = classTallies(totals, names);
  const predictions = names
    .entries()
    .map(([predicted, number]): Value => [{ predicted }, totals.predictions.get(number)]);
  const confusion = new Tally();
  confusion.merge(totals.confusion);
  const { labelled } = totals;

  if (snapshot.labelled >= minSamples) {
    yield single(qualityMetrics.accuracy, snapshot.accuracy?.value);
    yield family(qualityMetrics.precision, averageValues(snapshot.precision));
    yield family(qualityMetrics.recall, averageValues(snapshot.recall));
    yield family(qualityMetrics.f1, averageValues(snapshot.f1));
    yield single(qualityMetrics.balancedAccuracy, snapshot.balancedAccuracy);
    yield single(qualityMetrics.mcc, snapshot.mcc);
    yield single(qualityMetrics.kappa, snapshot.kappa);
    yield single(qualityMetrics.ece, snapshot.ece);
    yield family(
      qualityMetrics.classPrecision,
      classValues(snapshot, ({ precision }) => precision?.value),
    );
    yield family(
      qualityMetrics.classRecall,
      classValues(snapshot, ({ recall }) => recall?.value),
    );
    yield family(
      qualityMetrics.classF1,
      classValues(snapshot, ({ f1 }) => f1),
    );
  }
  yield single(qualityMetrics.baselineAccuracy, baselineAccuracy);
  yield family(countMetrics.predictions, predictions);
  yield single(countMetrics.labelled, labelled);
  yield family(
    countMetrics.truePositives,
    tallies.map((tally) => [{ class: tally.class }, tally.truePositives]),
  );
  yield family(
    countMetrics.falsePositives,
    tallies.map((tally) => [{ class: tally.class }, falsePositives(tally)]),
  );
  yield family(
    countMetrics.falseNegatives,
    tallies.map((tally) => [{ class: tally.class }, falseNegatives(tally)]),
  );
  const cells = Array.from(names.allCells(confusion), ({ actual, predicted, count }, cell) => ({
    labels: { actual, predicted, ...identity },
    value: count,
    exemplar: exemplars.of(cell),
  }));
  yield { definition: countMetrics.confusion, points: cells };
  yield family(serviceMetrics.errors, recordValues('reason', totals.errors.entries()));
  yield single(serviceMetrics.inflight, snapshot.inflight);
  yield single(serviceMetrics.pendingLabels, snapshot.labels.pending);
  yield single(serviceMetrics.labelCoverage, snapshot.labels.coverage);
  yield { definition: serviceHistograms.requestDuration, points: [totals.requestDuration.point(identity)] };
  yield { definition: serviceHistograms.labelDelay, points: [totals.labelDelay.point(identity)] };
  yield family(selfMetrics.labelOutcomes, recordValues('outcome', Object.entries(totals.labelOutcomes)));
  yield family(selfMetrics.refused, recordValues('reason', Object.entries(totals.refusals)));
  yield single(selfMetrics.dropped, totals.forwardingDropped);
  if (workers !== undefined) {
    const { gone, ...present } = workers;
    yield family(selfMetrics.workers, recordValues('state', Object.entries(present)));
    yield single(selfMetrics.workersGone, gone);
  }
  yield family(selfMetrics.overflowed, [
    [{ table: 'classes' }, names.overflowed],
    [{ table: 'confusion' }, names.overflowedCells],
    [{ table: 'errors' }, totals.errors.overflowed],
  ]);
  yield family(selfMetrics.memoryCap, [[{ part: 'monitor' }, monitorMemoryCap(settings)]]);
}

function averageValues(averages: Averages): Value[] {
  return (['macro', 'micro', 'weighted', 'binary'] as const).map((average) => [
    { average },
    averages[average],
  ]);
}

function classValues(
  { perClass }: CountedSnapshot,
  score: (scores: ClassScores) => number | undefined,
): Value[] {
  return perClass.map((scores) => [{ class: scores.class }, score(scores)]);
}

function recordValues(label: string, counts: Iterable<readonly [string, number]>): Value[] {
  return Array.from(counts, ([value, count]) => [{ [label]: value }, count]);
}
