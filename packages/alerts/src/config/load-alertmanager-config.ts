import { ConfigError, type ConfigIssue } from '@tidewatch/core';
import type { InhibitRule } from '../routing/inhibit.ts';
import type { Route } from '../routing/route.ts';
import { alertmanagerSchema } from './alertmanager-schema.ts';
import { notSupportedYet } from './not-supported-yet.ts';
import { parseYaml } from './parse-yaml.ts';
import type { RawGlobal, RawInhibitRule, RawReceiver } from './raw-alertmanager.ts';
import { readSource } from './read-source.ts';
import { isLabelName, matchersFromRaw, routeFromRaw } from './route-from-raw.ts';

/** An `alertmanager.yml`, read and checked. Its receivers become channels by `receiversFromConfig`. */
export interface AlertmanagerConfig {
  readonly source: string;
  /** Its time intervals are in it. */
  readonly route: Route;
  readonly inhibitRules: readonly InhibitRule[];
  /** As written; may hold secrets. */
  readonly global: RawGlobal;
  /** As written; may hold secrets. */
  readonly receivers: readonly RawReceiver[];
}

export interface LoadAlertmanagerConfigOptions {
  /** Name of the source in errors. @defaultValue the path, or `inline YAML` */
  readonly source?: string;
}

/**
 * Reads a strict part of Alertmanager's configuration file: global SMTP settings, the route tree, time intervals,
 * inhibition, and receivers with `webhook_configs`, `email_configs`, `slack_configs`, `pagerduty_configs`, and our
 * own `dingtalk_configs`, `feishu_configs`, `wecom_configs` and `sms_configs`.
 *
 * @param pathOrText - A path, or the YAML itself (recognised by its line breaks).
 * @throws {@link ConfigError} with line and column for unknown keys, wrong types and keys of Alertmanager that are
 * not supported yet; and for names that refer to nothing.
 * @see https://prometheus.io/docs/alerting/latest/configuration/
 */
export function loadAlertmanagerConfig(
  pathOrText: string,
  options: LoadAlertmanagerConfigOptions = {},
): AlertmanagerConfig {
  const source = readSource(pathOrText, options.source);
  const raw = parseYaml(source, alertmanagerSchema, { notSupportedYet });
  const receivers = raw.receivers.map(({ name }) => name);
  // Alertmanager's older key for the same.
  const intervals = [...(raw.time_intervals ?? []), ...(raw.mute_time_intervals ?? [])];
  const timeIntervals = intervals.map(({ name, time_intervals }) => ({ name, intervals: time_intervals }));
  const issues = [
    ...repeated(receivers, 'receiver', 'receivers'),
    ...repeated(
      timeIntervals.map(({ name }) => name),
      'time interval',
      'time_intervals',
    ),
  ];
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError(source.name, [first, ...rest]);
  return {
    source: source.name,
    route: routeFromRaw(raw.route, { source: source.name, receivers, timeIntervals }),
    inhibitRules: (raw.inhibit_rules ?? []).map((rule, index) =>
      toInhibitRule(rule, source.name, `inhibit_rules[${index}]`),
    ),
    global: raw.global ?? {},
    receivers: raw.receivers,
  };
}

function toInhibitRule(rule: RawInhibitRule, source: string, path: string): InhibitRule {
  const { source_match, source_match_re, source_matchers, target_match, target_match_re, target_matchers } =
    rule;
  const wrong = (rule.equal ?? []).find((label) => !isLabelName(label));
  if (wrong !== undefined) {
    const problem = `expected the name of a label, got ${JSON.stringify(wrong)}`;
    throw new ConfigError(source, [{ code: 'syntax', path: `${path}.equal`, problem }]);
  }
  const from = { matchers: source_matchers, match: source_match, matchRe: source_match_re };
  const to = { matchers: target_matchers, match: target_match, matchRe: target_match_re };
  return {
    sourceMatchers: matchersFromRaw(from, source, `${path}.source_matchers`),
    targetMatchers: matchersFromRaw(to, source, `${path}.target_matchers`),
    equal: rule.equal ?? [],
  };
}

function repeated(names: readonly string[], kind: string, key: string): ConfigIssue[] {
  return names.flatMap((name, index): ConfigIssue[] => {
    if (names.indexOf(name) === index) return [];
    const problem = `${kind} ${JSON.stringify(name)} occurs twice`;
    return [{ code: 'contradiction', path: `${key}[${index}].name`, problem }];
  });
}
