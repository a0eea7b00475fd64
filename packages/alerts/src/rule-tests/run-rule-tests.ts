import type { Clock, InstantQuery, Labels, Logger, Sample, Vector } from '@tidewatch/core';
import type { Alerting } from '../alerting.ts';
import { createAlerting } from '../create-alerting.ts';
import type { RuleFile, RuleGroup } from '../rules/rule.ts';
import type { ExpectedAlert, RuleTest, RuleTests, TestSeries } from './load-rule-tests.ts';

/** Where a test's series are, and where those of rules go. */
export interface TestWorld extends AsyncDisposable {
  readonly query: InstantQuery;
  readonly onSeries: (samples: readonly Sample[], atMs: number, ruleKey: string) => void;
}

/** What differs from what a test expects. */
export interface RuleTestFailure {
  readonly test: string;
  readonly atMs: number;
  /** Name of the alert, or the expression. */
  readonly subject: string;
  readonly expected: readonly string[];
  readonly got: readonly string[];
}

/** promtool's own tolerance for values. */
const EPSILON = 1e-6;

/**
 * Runs tests of rules: evaluates them over the series of each test, step by step, and compares.
 *
 * @param rules - Those that the file of tests names.
 * @param open - Makes a world of the series of one test, the first value at time 0.
 * @returns what differs; empty when every test passes.
 */
export async function runRuleTests(
  { tests, evaluationIntervalMs, groupOrder }: RuleTests,
  rules: readonly RuleFile[],
  open: (series: readonly TestSeries[], intervalMs: number) => Promise<TestWorld>,
): Promise<readonly RuleTestFailure[]> {
  const groups = inOrder(
    rules.flatMap((file) => file.groups),
    groupOrder,
  );
  const failures: RuleTestFailure[] = [];
  for (const test of tests) {
    await using world = await open(test.series, test.intervalMs);
    failures.push(...(await runTest(test, groups, evaluationIntervalMs, world)));
  }
  return failures;
}

async function runTest(
  test: RuleTest,
  groups: readonly RuleGroup[],
  evaluationIntervalMs: number,
  world: TestWorld,
): Promise<RuleTestFailure[]> {
  const failures: RuleTestFailure[] = [];
  let nowMs = 0;
  const clock: Clock = { now: () => nowMs, sleep: async () => {} };
  const logger = failing((ruleName, error) => {
    failures.push({ test: test.name, atMs: nowMs, subject: ruleName, expected: [], got: [error] });
  });
  const running = await Promise.all(
    groups.map(async (group) => ({
      intervalMs: group.intervalMs ?? evaluationIntervalMs,
      alerting: await createAlerting({
        rules: { source: 'test', groups: [group] },
        route: { receiver: 'nobody' },
        receivers: { nobody: [] },
        query: world.query,
        onSeries: world.onSeries,
        externalUrl: test.externalUrl,
        clock,
        logger,
      }),
    })),
  );
  const times = [...test.alerts, ...test.expressions].map(({ atMs }) => atMs);
  const endMs = Math.max(0, ...times);
  for (; nowMs <= endMs; nowMs += evaluationIntervalMs) {
    for (const { alerting, intervalMs } of running)
      if (nowMs % intervalMs === 0) await alerting.evaluate(nowMs);
    // Asked for between two evaluations: what stood at the last one.
    const isDue = ({ atMs }: { readonly atMs: number }): boolean =>
      atMs >= nowMs && atMs < nowMs + evaluationIntervalMs;
    for (const due of test.alerts.filter(isDue)) {
      const expected = due.expected.map(printAlert).toSorted();
      const got = firing(
        running.map(({ alerting }) => alerting),
        due.alertname,
      )
        .map(printAlert)
        .toSorted();
      if (!same(expected, got))
        failures.push({ test: test.name, atMs: due.atMs, subject: due.alertname, expected, got });
    }
    for (const { atMs, expr, expected } of test.expressions.filter(isDue)) {
      const got = await answer(world.query, expr, atMs);
      if (typeof got === 'string' || !sameSamples(expected, got)) {
        const shown = typeof got === 'string' ? [got] : got.map(printSample);
        failures.push({
          test: test.name,
          atMs,
          subject: expr,
          expected: expected.map(printSample),
          got: shown,
        });
      }
    }
  }
  await Promise.all(running.map(async ({ alerting }) => alerting.close()));
  return failures;
}

function firing(alertings: readonly Alerting[], alertname: string): ExpectedAlert[] {
  return alertings.flatMap((alerting) =>
    alerting.alerts().filter(({ name, state }) => name === alertname && state === 'firing'),
  );
}

async function answer(query: InstantQuery, expr: string, atMs: number): Promise<Vector | string> {
  try {
    return await query(expr, atMs);
  } catch (error) {
    return (error as Error).message;
  }
}

function sameSamples(
  expected: readonly { readonly labels: Labels; readonly value: number }[],
  got: Vector,
): boolean {
  if (expected.length !== got.length) return false;
  const byLabels = new Map(got.map(({ labels, value }) => [printLabels(labels), value]));
  return expected.every(({ labels, value }) => {
    const actual = byLabels.get(printLabels(labels));
    return actual !== undefined && almost(value, actual);
  });
}

function almost(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= EPSILON * Math.max(Math.abs(a), Math.abs(b));
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function printAlert({ labels, annotations }: ExpectedAlert): string {
  return `${printLabels(labels)} ${printLabels(annotations)}`;
}

function printSample({ labels, value }: { readonly labels: Labels; readonly value: number }): string {
  return `${printLabels(labels)} ${value}`;
}

function printLabels(labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')}}`;
}

function inOrder(groups: readonly RuleGroup[], order: readonly string[]): RuleGroup[] {
  const rank = ({ name }: RuleGroup): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return groups.toSorted((a, b) => rank(a) - rank(b));
}

/** Hears of rules that could not be evaluated, and of nothing else. */
function failing(hear: (ruleName: string, error: string) => void): Logger {
  const ignore = (): void => {};
  const warn = (fields: object): void => {
    const { ruleName, error } = fields as { ruleName?: string; error?: string };
    if (ruleName !== undefined && error !== undefined) hear(ruleName, error);
  };
  return { debug: ignore, info: ignore, warn, error: warn };
}
