import { ConfigError, nearestName, type ConfigIssue } from '@tidewatch/core';
import type { InhibitRule } from '../routing/inhibit.ts';
import { parseMatcher, type Matcher } from '../routing/matcher.ts';
import type { Route } from '../routing/route.ts';
import { alertmanagerSchema } from './alertmanager-schema.ts';
import { notSupportedYet } from './not-supported-yet.ts';
import { parseYaml } from './parse-yaml.ts';
import type { RawGlobal, RawReceiver, RawRoute } from './raw-alertmanager.ts';
import { readSource } from './read-source.ts';

/** An `alertmanager.yml`, read and checked. Its receivers become channels by `receiversFromConfig`. */
export interface AlertmanagerConfig {
  readonly source: string;
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
 * Reads a strict part of Alertmanager's configuration file: global SMTP settings, the route tree, inhibition, and
 * receivers with `webhook_configs`, `email_configs`, `dingtalk_configs` and `sms_configs`.
 *
 * @param pathOrText - A path, or the YAML itself (recognised by its line breaks).
 * @throws {@link ConfigError} with line and column for unknown keys, wrong types and keys of Alertmanager that are
 * not supported yet; and for routes to receivers that do not exist.
 * @see https://prometheus.io/docs/alerting/latest/configuration/
 */
export function loadAlertmanagerConfig(
  pathOrText: string,
  options: LoadAlertmanagerConfigOptions = {},
): AlertmanagerConfig {
  const source = readSource(pathOrText, options.source);
  const raw = parseYaml(source, alertmanagerSchema, { notSupportedYet });
  const names = raw.receivers.map(({ name }) => name);
  const issues: ConfigIssue[] = [
    ...rootIssues(raw.route),
    ...names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [repeated(name, index)])),
    ...receiverIssues(raw.route, names, 'route'),
  ];
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError(source.name, [first, ...rest]);
  return {
    source: source.name,
    route: toRoute(raw.route, source.name, 'route'),
    inhibitRules: (raw.inhibit_rules ?? []).map((rule, index) => ({
      sourceMatchers: matchers(rule.source_matchers, source.name, `inhibit_rules[${index}].source_matchers`),
      targetMatchers: matchers(rule.target_matchers, source.name, `inhibit_rules[${index}].target_matchers`),
      equal: rule.equal ?? [],
    })),
    global: raw.global ?? {},
    receivers: raw.receivers,
  };
}

function toRoute(raw: RawRoute, source: string, path: string): Route {
  return {
    ...(raw.receiver === undefined ? {} : { receiver: raw.receiver }),
    ...(raw.group_by === undefined ? {} : { groupBy: raw.group_by }),
    ...(raw.group_wait === undefined ? {} : { groupWaitMs: raw.group_wait }),
    ...(raw.group_interval === undefined ? {} : { groupIntervalMs: raw.group_interval }),
    ...(raw.repeat_interval === undefined ? {} : { repeatIntervalMs: raw.repeat_interval }),
    matchers: matchers(raw.matchers ?? [], source, `${path}.matchers`),
    continue: raw.continue ?? false,
    routes: (raw.routes ?? []).map((child, index) => toRoute(child, source, `${path}.routes[${index}]`)),
  };
}

/** One entry may hold several matchers, separated by commas, within braces or not. */
function matchers(texts: readonly string[], source: string, path: string): Matcher[] {
  return texts.flatMap((text) => {
    const inner = text.trim().replace(/^\{([^]*)\}$/, '$1');
    const parts = inner.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
    return parts.map((part) => {
      try {
        return parseMatcher(part);
      } catch (error) {
        const problem = error instanceof ConfigError ? (error.issues[0]?.problem ?? '') : 'not a matcher';
        throw new ConfigError(source, [{ code: 'syntax', path, problem }]);
      }
    });
  });
}

function rootIssues(root: RawRoute): ConfigIssue[] {
  if (root.receiver === undefined) {
    return [{ code: 'missing-key', path: 'route.receiver', problem: 'the root route needs a receiver' }];
  }
  if ((root.matchers ?? []).length === 0) return [];
  const problem = 'the root route takes every alert: it has no matchers';
  return [
    { code: 'contradiction', path: 'route.matchers', problem, remedy: 'put them on a child in "routes"' },
  ];
}

function receiverIssues(route: RawRoute, known: readonly string[], path: string): ConfigIssue[] {
  const below = (route.routes ?? []).flatMap((child, index) =>
    receiverIssues(child, known, `${path}.routes[${index}]`),
  );
  if (route.receiver === undefined || known.includes(route.receiver)) return below;
  const nearest = nearestName(route.receiver, known);
  const remedy =
    nearest === undefined ? `known receivers: ${known.join(', ') || 'none'}` : `did you mean "${nearest}"?`;
  const problem = `there is no receiver ${JSON.stringify(route.receiver)}`;
  return [{ code: 'contradiction', path: `${path}.receiver`, problem, remedy }, ...below];
}

function repeated(name: string, index: number): ConfigIssue {
  const problem = `receiver ${JSON.stringify(name)} occurs twice`;
  return { code: 'contradiction', path: `receivers[${index}].name`, problem };
}
