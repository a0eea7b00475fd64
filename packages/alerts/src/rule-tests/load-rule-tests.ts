import { dirname, resolve } from 'node:path';
import type { Labels } from '@tidewatch/core';
import { z } from 'zod';
import { parseYaml } from '../config/parse-yaml.ts';
import { readSource } from '../config/read-source.ts';
import { durationMs, name } from '../config/scalars.ts';
import { parseSeries, parseSteps, type SeriesStep } from './series-notation.ts';

/** A series that a test evaluates rules over. */
export interface TestSeries {
  readonly labels: Labels;
  readonly steps: readonly SeriesStep[];
}

/** An alert that a test expects to fire. */
export interface ExpectedAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** One `tests` entry of promtool's file. */
export interface RuleTest {
  readonly name: string;
  readonly intervalMs: number;
  readonly series: readonly TestSeries[];
  readonly alerts: readonly {
    readonly atMs: number;
    readonly alertname: string;
    readonly expected: readonly ExpectedAlert[];
  }[];
  readonly expressions: readonly {
    readonly atMs: number;
    readonly expr: string;
    readonly expected: readonly { readonly labels: Labels; readonly value: number }[];
  }[];
  readonly externalUrl: string;
}

/** A file of tests. */
export interface RuleTests {
  readonly source: string;
  /** Paths of rule files, resolved against the test file; may be globs. */
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  /** Names of groups that are evaluated first, in this order. */
  readonly groupOrder: readonly string[];
  readonly tests: readonly RuleTest[];
}

const labels = z.record(z.string(), z.string());
const series = read(parseSeries);
const steps = read(parseSteps);
const number = read((text) => {
  const [value] = parseSteps(text);
  if (typeof value !== 'number') throw new Error(`expected a number, got ${JSON.stringify(text)}`);
  return value;
});

const test = z.strictObject({
  name: z.string().optional(),
  interval: durationMs.optional(),
  input_series: z.array(z.strictObject({ series, values: steps })).optional(),
  alert_rule_test: z
    .array(
      z.strictObject({
        eval_time: durationMs,
        alertname: name,
        exp_alerts: z
          .array(z.strictObject({ exp_labels: labels.optional(), exp_annotations: labels.optional() }))
          .optional(),
      }),
    )
    .optional(),
  promql_expr_test: z
    .array(
      z.strictObject({
        expr: name,
        eval_time: durationMs,
        exp_samples: z.array(z.strictObject({ labels: series, value: number })).optional(),
      }),
    )
    .optional(),
  external_url: z.string().optional(),
});

const file = z.strictObject({
  rule_files: z.array(name),
  evaluation_interval: durationMs.optional(),
  group_eval_order: z.array(name).optional(),
  tests: z.array(test),
});

const MINUTE_MS = 60_000;

/**
 * Reads a file of tests for rules, as `promtool test rules` takes it. Histograms, external labels and fuzzy
 * comparison are not read.
 *
 * @param path - Of the file; rule files are looked for beside it.
 * @throws {@link ConfigError} with line and column for what cannot be used.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export function loadRuleTests(path: string): RuleTests {
  const source = readSource(path);
  const raw = parseYaml(source, file);
  const evaluationIntervalMs = raw.evaluation_interval ?? MINUTE_MS;
  return {
    source: source.name,
    ruleFiles: raw.rule_files.map((ruleFile) => resolve(dirname(path), ruleFile)),
    evaluationIntervalMs,
    groupOrder: raw.group_eval_order ?? [],
    tests: raw.tests.map((one, index) => ({
      name: one.name ?? `tests[${index}]`,
      intervalMs: one.interval ?? evaluationIntervalMs,
      series: (one.input_series ?? []).map(({ series: of, values }) => ({ labels: of, steps: values })),
      alerts: (one.alert_rule_test ?? []).map(({ eval_time: atMs, alertname, exp_alerts: expected }) => ({
        atMs,
        alertname,
        expected: (expected ?? []).map(({ exp_labels: own, exp_annotations: annotations }) => ({
          labels: { ...own, alertname },
          annotations: annotations ?? {},
        })),
      })),
      expressions: (one.promql_expr_test ?? []).map(({ expr, eval_time: atMs, exp_samples: expected }) => ({
        atMs,
        expr,
        expected: expected ?? [],
      })),
      externalUrl: one.external_url ?? '',
    })),
  };
}

/** Reads a text by a function that throws what is wrong. */
function read<T>(parse: (text: string) => T): z.ZodType<T> {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
}
