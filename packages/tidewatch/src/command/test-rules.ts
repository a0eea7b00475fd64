import { globSync } from 'node:fs';
import {
  loadRules,
  loadRuleTests,
  runRuleTests,
  type RuleFile,
  type RuleTestFailure,
  type TestSeries,
  type TestWorld,
} from '@tidewatch/alerts';
import { ConfigError } from '@tidewatch/core';
import { createEngine, createStore, parse } from '@tidewatch/promql';
import { CommandUsageError, type Call, type CommandHost, type ExitStatus } from './call.ts';

/** `alerts test-rules`: runs promtool's test files, with the verdicts of promtool. */
export async function testRules({ files, json, texts }: Call, host: CommandHost): Promise<ExitStatus> {
  if (files.length === 0) throw new CommandUsageError(texts.noFile);
  const results: { file: string; failures: readonly RuleTestFailure[]; error?: string }[] = [];
  for (const file of files) {
    try {
      const tests = loadRuleTests(file);
      results.push({
        file,
        failures: await runRuleTests(tests, tests.ruleFiles.flatMap(readRules), openWorld),
      });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      results.push({ file, failures: [], error: error.message });
    }
  }
  const isGood = results.every(({ failures, error }) => failures.length === 0 && error === undefined);
  if (json) host.stdout(JSON.stringify(results));
  else for (const result of results) print(result, texts.testsPassed, texts.testFailed, host);
  return isGood ? 0 : 1;
}

function readRules(pattern: string): RuleFile[] {
  const paths = /[*?[]/.test(pattern) ? globSync(pattern) : [pattern];
  return paths.map((path) => loadRules(path, { parse: (expr) => void parse(expr) }));
}

/** A store with an axis for each series: a value that is left out is no end, as in promtool. */
async function openWorld(series: readonly TestSeries[], intervalMs: number): Promise<TestWorld> {
  const spanMs = intervalMs * Math.max(1, ...series.map(({ steps }) => steps.length));
  const foreverMs = spanMs + 366 * 86_400_000;
  const store = await createStore({ headMs: foreverMs, retentionMs: foreverMs });
  for (const [index, { labels, steps }] of series.entries()) {
    const axis = `series ${index}`;
    for (const [step, value] of steps.entries()) {
      if (value === undefined) continue;
      const timeMs = step * intervalMs;
      store.append(timeMs, value === 'stale' ? [] : [{ labels, value }], { axis });
    }
  }
  const { query } = createEngine({ store });
  return {
    query,
    onSeries: (samples, atMs, ruleKey) => store.append(atMs, samples, { axis: `rule ${ruleKey}` }),
    [Symbol.asyncDispose]: async () => store.close(),
  };
}

function print(
  { file, failures, error }: { file: string; failures: readonly RuleTestFailure[]; error?: string },
  passed: string,
  failed: (test: string, subject: string, time: string) => string,
  { stdout, stderr }: CommandHost,
): void {
  if (error !== undefined) return stderr(error);
  if (failures.length === 0) return stdout(`${file}: ${passed}`);
  for (const { test, subject, atMs, expected, got } of failures) {
    const lines = [`exp: [${expected.join(', ')}]`, `got: [${got.join(', ')}]`];
    stderr([`${file}: ${failed(test, subject, durationOf(atMs))}`, ...lines].join('\n    '));
  }
}

function durationOf(ms: number): string {
  const minutes = ms / 60_000;
  return Number.isInteger(minutes) ? `${minutes}m` : `${ms / 1000}s`;
}
