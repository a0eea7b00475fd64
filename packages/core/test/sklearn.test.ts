import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createClassifierMonitor, type ClassifierSnapshot } from '../src/index.ts';
import { brierScore, logLoss } from '../src/scores/proper-scores.ts';
import { topKCredit, type TopKTies } from '../src/scores/top-k-credit.ts';
import { agreement } from '../src/quality/agreement.ts';
import { averagedScores, type UndefinedScore } from '../src/quality/averages.ts';
import { CalibrationBins } from '../src/quality/calibration-bins.ts';
import type { ClassTally } from '../src/quality/class-tally.ts';

/** scikit-learn's own answers lie beside the repository; a git worktree may lie one folder deeper. */
const candidates = ['../../../../shared', '../../../../../shared'].map(
  (folder) => new URL(`${folder}/conformance/quality/sklearn.json`, import.meta.url),
);
const file = candidates.find((url) => existsSync(url));
const reason = file === undefined ? ' (skipped: ../shared/conformance/quality/sklearn.json is absent)' : '';

type Case = { name: string; y_true: string[]; y_pred: string[]; labels: string[] } & Record<string, unknown>;
const golden: { cases: Case[] } & Record<string, unknown> =
  file === undefined ? { cases: [] } : JSON.parse(readFileSync(file, 'utf8'));

function tallies(
  truth: readonly string[],
  said: readonly string[],
  classes: readonly string[],
): ClassTally[] {
  const count = (test: (index: number) => boolean): number => truth.filter((_, index) => test(index)).length;
  return classes.map((name) => ({
    class: name,
    truePositives: count((i) => truth[i] === name && said[i] === name),
    predicted: count((i) => said[i] === name),
    support: count((i) => truth[i] === name),
  }));
}

describe.skipIf(file === undefined)(`equal to scikit-learn${reason}`, () => {
  const conventions: [string, UndefinedScore][] = [
    ['0', 0],
    ['1', 1],
    ['nan', 'leave-out'],
  ];
  const averages = ['micro', 'macro', 'weighted'] as const;

  it('has cases to compare with', () => {
    expect(golden.cases.length).toBeGreaterThan(0);
  });

  it.for(
    golden.cases.flatMap((example) =>
      conventions.flatMap(([zeroDivision, convention]) =>
        averages.map((average) => [example.name, average, zeroDivision, convention, example] as const),
      ),
    ),
  )(
    '%s: %s, zero_division=%s',
    ([, average, zeroDivision, convention, { y_true, y_pred, labels, ...answers }]) => {
      const scores = averagedScores(tallies(y_true, y_pred, labels), convention);
      const ours = [scores.precision, scores.recall, scores.f1].map((score) => score[average] ?? Number.NaN);
      const theirs = answers[`${average}|zd=${zeroDivision}`] as (number | 'nan' | null)[];
      ours.forEach((value, index) => expect(value).toBeCloseTo(Number(theirs[index] ?? Number.NaN), 12));
    },
  );

  it.for(golden.cases.map((example) => [example.name, example] as const))(
    '%s: balanced accuracy, MCC, kappa',
    ([, { y_true, y_pred, labels, ...answers }]) => {
      const ours = agreement(tallies(y_true, y_pred, labels));
      expect(ours.balancedAccuracy).toBeCloseTo(Number(answers['balanced_accuracy']), 12);
      // Where MCC is 0/0 scikit-learn writes 0, and where kappa is 0/0 nan: both are absent here.
      expect(ours.mcc ?? 0).toBeCloseTo(Number(answers['mcc']), 12);
      const kappa = answers['kappa'] as number | null;
      expect(ours.kappa === undefined).toBe(kappa === null);
      expect(ours.kappa ?? 0).toBeCloseTo(kappa ?? 0, 12);
    },
  );

  it.for(golden.cases.map((example) => [example.name, example] as const))(
    '%s: the same through a monitor',
    ([, { y_true, y_pred, labels, ...answers }]) => {
      const monitor = createClassifierMonitor({ model: 'm', classes: labels, undefinedScore: 0 });
      y_true.forEach((actual, index) => monitor.record({ predicted: y_pred[index] ?? '', actual }));
      const snapshot = monitor.snapshot();
      expect(snapshot.accuracy?.value).toBeCloseTo(Number(answers['accuracy']), 12);
      const macro = answers['macro|zd=0'] as number[];
      expect(snapshot.f1.macro).toBeCloseTo(Number(macro[2]), 12);
      // Only classes that occur: scikit-learn's default labels.
      const seen = new Set([...y_true, ...y_pred]);
      const undeclared = createClassifierMonitor({ model: 'm', undefinedScore: 0 });
      y_true.forEach((actual, index) => undeclared.record({ predicted: y_pred[index] ?? '', actual }));
      expect(undeclared.snapshot().perClass).toHaveLength(seen.size);
      const [precision, recall, f1] = answers['default labels macro zd=0'] as number[];
      expect(undeclared.snapshot().precision.macro).toBeCloseTo(Number(precision), 12);
      expect(undeclared.snapshot().recall.macro).toBeCloseTo(Number(recall), 12);
      expect(undeclared.snapshot().f1.macro).toBeCloseTo(Number(f1), 12);
    },
  );

  /** A binary monitor fed with truths and the probability of the positive class. */
  function binary(truths: readonly number[], scores: readonly number[]): ClassifierSnapshot {
    const monitor = createClassifierMonitor({ model: 'm', classes: ['0', '1'], positiveClass: '1' });
    truths.forEach((truth, index) => {
      const score = scores[index] ?? Number.NaN;
      const predicted = score >= 0.5 ? '1' : '0';
      monitor.record({ predicted, actual: String(truth), scores: [1 - score, score] });
    });
    return monitor.snapshot();
  }

  it('areas under curves', () => {
    const doc = binary([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
    expect(doc.rocAuc?.value).toBe(golden['auc doc']);
    expect(doc.averagePrecision?.value).toBeCloseTo(Number(golden['ap doc']), 12);
    const ties = binary([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]);
    expect(ties.rocAuc?.value).toBe(golden['auc all ties']);
    expect(ties.averagePrecision?.value).toBe(golden['ap all ties']);
    // Of one class: nan there, absent here. Average precision without positives: 0 there, absent here.
    expect(golden['auc one class']).toBe('nan');
    expect(binary([0, 0], [0.1, 0.4]).rocAuc).toBeUndefined();
    expect(golden['ap no positives']).toBe(0);
    expect(binary([0, 0], [0.1, 0.4]).averagePrecision).toBeUndefined();
  });

  it('top-2 accuracy with all scores equal', () => {
    const even = [0.25, 0.25, 0.25, 0.25];
    const credits = (ties: TopKTies): number[] =>
      [0, 1, 2, 3].map((truth) => topKCredit(even, truth, 2, ties));
    expect(credits('highest-index')).toEqual(golden['top2 ties [.25]*4 truth 0..3']);
    expect(credits('expected')).toEqual([0.5, 0.5, 0.5, 0.5]); // whatever the order of the classes
  });

  it('logarithmic loss and Brier score', () => {
    const misses = [logLoss([0, 1], 0), logLoss([0, 1], 1)];
    expect((misses[0] ?? 0) / 2 + (misses[1] ?? 0) / 2).toBeCloseTo(
      Number(golden['log_loss p=0 on truth']),
      12,
    );
    expect(logLoss([0, 1], 1)).toBeCloseTo(Number(golden['log_loss p=1 correct']), 20);
    expect(brierScore([0.3, 0.7], 1)).toBeCloseTo(Number(golden['brier binary .7 truth1']), 12);
    expect(brierScore([0.7, 0.2, 0.1], 0)).toBeCloseTo(
      Number(golden['brier multiclass [.7,.2,.1] truth0']),
      12,
    );
  });

  it('calibration error with bins open below', () => {
    const errors = golden['ece n=10 p=[0.95, 1.0, 0.5, 0.5, 0.2] y=[1, 0, 1, 0, 0]'] as Record<
      string,
      number
    >;
    const theirs = Object.entries(errors).find(([name]) => name.startsWith('left-open'))?.[1];
    const bins = new CalibrationBins(10);
    [0.95, 1, 0.5, 0.5, 0.2].forEach((confidence, index) => bins.add(confidence, index === 0 || index === 2));
    expect(bins.expectedError()).toBeCloseTo(Number(theirs), 12);
  });
});
