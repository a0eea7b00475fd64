import { loadRules, type AlertingOptions, type RuleFile } from '@tidewatch/alerts';
import { ConfigError, type ConfigIssue } from '@tidewatch/core';
import { parse } from '@tidewatch/promql';
import type { AutoscalerConfig } from '@tidewatch/scaler';

// A query that cannot be read is to be found at the start and not at night. Only for the embedded engine: another
// server may know another dialect.

/**
 * Loads the rule files that are given as paths, and reads all expressions once.
 *
 * @throws {@link ConfigError} for a file that cannot be used; with line and column when it is given as a path.
 */
export function rulesWithReadableExpressions(rules: AlertingOptions['rules']): RuleFile[] {
  return [rules].flat().map((file) => {
    if (typeof file === 'string') return loadRules(file, { parse: (expr) => void parse(expr) });
    // A file that was loaded without a parser no longer knows its lines; the path still finds the rule.
    const expressions = file.groups.flatMap(({ rules }, group) =>
      rules.map(({ expr }, rule) => ({ expr, path: `groups[${group}].rules[${rule}].expr` })),
    );
    checkExpressions(file.source, expressions);
    return file;
  });
}

/** @throws {@link ConfigError} naming every metric whose query is not PromQL. */
export function checkQueries({ source, metrics, objective }: AutoscalerConfig): void {
  checkExpressions(
    source,
    metrics.map(({ name, query }, index) => ({
      expr: query,
      // The latency of an objective is written elsewhere, and then one of the metrics.
      path: name === objective?.latency ? 'slo.latency_query' : `metrics[${index}].query`,
    })),
  );
}

function checkExpressions(source: string, expressions: readonly { expr: string; path: string }[]): void {
  const [first, ...rest] = expressions.flatMap(({ expr, path }): ConfigIssue[] => {
    try {
      parse(expr);
      return [];
    } catch (error) {
      return [{ code: 'syntax', path, problem: `not a PromQL expression: ${(error as Error).message}` }];
    }
  });
  if (first !== undefined) throw new ConfigError(source, [first, ...rest]);
}
