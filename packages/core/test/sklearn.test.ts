import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
