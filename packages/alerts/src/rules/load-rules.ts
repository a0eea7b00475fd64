import { existsSync, globSync } from 'node:fs';
import { ConfigError, type ConfigIssue } from '@tidewatch/core';
import { z } from 'zod';
import { parseYaml } from '../config/parse-yaml.ts';
import { readSource } from '../config/read-source.ts';
import { durationMs, name, wholeNumber } from '../config/scalars.ts';
import { checkTemplate } from '../template/expand-template.ts';
import type { Rule, RuleFile, RuleGroup } from './rule.ts';

export interface LoadRulesOptions {
  /** Name of the source in errors. @defaultValue the path, or `inline YAML` */
  readonly source?: string;
  /** Throws for an expression that is not PromQL; its message becomes part of the error, with the rule's place. */
  readonly parse?: (expr: string) => void;
}

const texts = z.record(z.string(), z.string()).superRefine((labels, context) => {
  for (const label of Object.keys(labels)) {
    if (/^[a-zA-Z_]\w*$/.test(label) && label !== '__name__') continue;
    context.addIssue({
      code: 'custom',
      path: [label],
      message: `${JSON.stringify(label)} is not a legal label name`,
    });
  }
});

const ruleSchema = z.strictObject({
  alert: name.optional(),
  record: name.optional(),
  expr: name,
  for: durationMs.optional(),
  keep_firing_for: durationMs.optional(),
  labels: texts.optional(),
  annotations: texts.optional(),
});
type RawRule = z.infer<typeof ruleSchema>;
type RawGroup = z.infer<ReturnType<typeof fileSchema>>['groups'][number];

/** The schema depends on the caller's expression parser, so that a bad expression is reported with its place. */
function fileSchema(parse: LoadRulesOptions['parse']) {
  return z.strictObject({
    groups: z.array(
      z.strictObject({
        name,
        interval: durationMs.optional(),
        limit: wholeNumber.optional(),
        query_offset: durationMs.optional(),
        labels: texts.optional(),
        rules: z.array(ruleSchema.superRefine((rule, context) => checkRule(rule, context, parse))).optional(),
      }),
    ),
  });
}

/**
 * Reads a Prometheus rule file, strictly: what Prometheus refuses is refused here, with line and column.
 *
 * @param pathOrText - A path, a pattern such as `rules/*.yml`, or the YAML itself (recognised by its line breaks). Of a
 * pattern, each group keeps the file that it is from: groups of two files may share a name, as in Prometheus.
 * @throws {@link ConfigError} when the file cannot be read, a pattern matches none, or a file has unknown keys, wrong
 * types or broken templates.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export function loadRules(pathOrText: string, options: LoadRulesOptions = {}): RuleFile {
  if (!isPattern(pathOrText)) return loadOne(pathOrText, options);
  const { source = pathOrText, parse } = options;
  const paths = globSync(pathOrText).toSorted();
  if (paths.length === 0) throw matchesNothing(pathOrText, source);
  const files = paths.map((path) => loadOne(path, parse === undefined ? {} : { parse }));
  return { source, groups: files.flatMap(({ groups }) => groups) };
}

/** A file whose own name holds such signs is that file. */
function isPattern(pathOrText: string): boolean {
  return /^[^\n]*[*?[][^\n]*$/.test(pathOrText) && !existsSync(pathOrText);
}

/** Prometheus goes on without rules then; who reads a rule file wants them. */
function matchesNothing(pattern: string, source: string): ConfigError {
  return new ConfigError(source, [
    {
      code: 'unreadable',
      path: '',
      problem: `no file matches ${JSON.stringify(pattern)} in ${JSON.stringify(process.cwd())}`,
      remedy: 'check the pattern: "*" stands for a part of one name, "**" for any folders',
    },
  ]);
}

function loadOne(pathOrText: string, { source: sourceName, parse }: LoadRulesOptions): RuleFile {
  const source = readSource(pathOrText, sourceName);
  const { groups } = parseYaml(source, fileSchema(parse));
  const seen = new Set<string>();
  const repeated = groups.find((group) => seen.size === seen.add(group.name).size);
  if (repeated !== undefined) {
    const issue: ConfigIssue = {
      code: 'contradiction',
      path: `groups[${groups.lastIndexOf(repeated)}].name`,
      problem: `group ${JSON.stringify(repeated.name)} occurs twice`,
      remedy: 'give each group its own name',
    };
    throw new ConfigError(source.name, [issue]);
  }
  return {
    source: source.name,
    groups: groups.map((group) => toGroup(group, source.name)),
  };
}

function toGroup(raw: RawGroup, source: string): RuleGroup {
  const { name, interval, limit = 0, query_offset: queryOffsetMs = 0, labels = {} } = raw;
  const rules = (raw.rules ?? []).map((rule) => toRule(rule, labels));
  const group = { name, source, limit, queryOffsetMs, rules };
  // Prometheus takes 0 for "not given".
  return interval === undefined || interval === 0 ? group : { ...group, intervalMs: interval };
}

function toRule(raw: RawRule, groupLabels: Readonly<Record<string, string>>): Rule {
  const labels = { ...groupLabels, ...raw.labels };
  if (raw.alert === undefined) return { kind: 'record', name: raw.record ?? '', expr: raw.expr, labels };
  return {
    kind: 'alert',
    name: raw.alert,
    expr: raw.expr,
    labels,
    forMs: raw.for ?? 0,
    keepFiringForMs: raw.keep_firing_for ?? 0,
    annotations: raw.annotations ?? {},
  };
}

function checkRule(rule: RawRule, context: z.RefinementCtx, parse: LoadRulesOptions['parse']): void {
  const report = (path: string[], message: string, code = 'contradiction'): void =>
    context.addIssue({ code: 'custom', path, message, params: { code } });
  if (rule.alert === undefined && rule.record === undefined)
    report([], 'a rule needs "alert" or "record"', 'missing-key');
  if (rule.alert !== undefined && rule.record !== undefined)
    report(['record'], 'a rule is "alert" or "record", not both');
  if (rule.record !== undefined) checkRecord(rule, report);
  try {
    parse?.(rule.expr);
  } catch (error) {
    report(['expr'], `not a PromQL expression: ${(error as Error).message}`, 'syntax');
  }
  const { alert } = rule;
  if (alert === undefined) return;
  for (const key of ['labels', 'annotations'] as const) {
    for (const [name, text] of Object.entries(rule[key] ?? {})) {
      try {
        checkTemplate(text, alert);
      } catch (error) {
        report([key, name], (error as Error).message, 'syntax');
      }
    }
  }
}

function checkRecord(rule: RawRule, report: (path: string[], message: string) => void): void {
  for (const key of ['for', 'keep_firing_for', 'annotations'] as const) {
    if (rule[key] !== undefined) report([key], `a recording rule has no "${key}"`);
  }
  if (!/^[a-zA-Z_:][\w:]*$/.test(rule.record ?? '')) report(['record'], 'not a legal metric name');
}
