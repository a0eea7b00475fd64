import { ConfigError, nearestName, type ConfigIssue, type Labels } from '@tidewatch/core';
import { parseMatcher, splitMatchers, type Matcher } from '../routing/matcher.ts';
import type { Route } from '../routing/route.ts';
import type { NamedTimeIntervals } from '../routing/time-interval.ts';
import type { RawRoute } from './raw-alertmanager.ts';

/** What the names in a route refer to. */
export interface RouteReferences {
  readonly source: string;
  readonly receivers: readonly string[];
  readonly timeIntervals: readonly NamedTimeIntervals[];
}

/**
 * The route tree of a file.
 *
 * @throws {@link ConfigError} for what Alertmanager refuses: unknown receivers and time intervals, a root that is
 * choosy, intervals of zero length, labels grouped by twice.
 */
export function routeFromRaw(raw: RawRoute, references: RouteReferences): Route {
  const issues = [...rootIssues(raw), ...routeIssues(raw, references, 'route')];
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError(references.source, [first, ...rest]);
  return toRoute(raw, references, 'route');
}

/** Matchers in one of the three ways in which Alertmanager lets them be written. */
export interface RawMatchers {
  readonly matchers?: readonly string[] | undefined;
  readonly match?: Labels | undefined;
  readonly matchRe?: Labels | undefined;
}

/**
 * Reads matchers; an entry may hold several, separated by commas, within braces or not.
 *
 * @throws {@link ConfigError} with the path for one that cannot be read.
 */
export function matchersFromRaw(raw: RawMatchers, source: string, path: string): Matcher[] {
  const older = [
    ...Object.entries(raw.match ?? {}).map(([label, value]) => `${label}=${JSON.stringify(value)}`),
    ...Object.entries(raw.matchRe ?? {}).map(([label, value]) => `${label}=~${JSON.stringify(value)}`),
  ];
  return [...older, ...(raw.matchers ?? []).flatMap(splitMatchers)].map((text) => {
    try {
      return parseMatcher(text);
    } catch (error) {
      const problem = error instanceof ConfigError ? (error.issues[0]?.problem ?? '') : 'not a matcher';
      throw new ConfigError(source, [{ code: 'syntax', path, problem }]);
    }
  });
}

function toRoute(raw: RawRoute, references: RouteReferences, path: string): Route {
  const named = (names: readonly string[] = []): NamedTimeIntervals[] =>
    references.timeIntervals.filter(({ name }) => names.includes(name));
  const { matchers, match, match_re: matchRe } = raw;
  return {
    ...(raw.receiver === undefined ? {} : { receiver: raw.receiver }),
    ...(raw.group_by === undefined ? {} : { groupBy: raw.group_by }),
    ...(raw.group_wait === undefined ? {} : { groupWaitMs: raw.group_wait }),
    ...(raw.group_interval === undefined ? {} : { groupIntervalMs: raw.group_interval }),
    ...(raw.repeat_interval === undefined ? {} : { repeatIntervalMs: raw.repeat_interval }),
    ...(raw.mute_time_intervals === undefined ? {} : { muteTimeIntervals: named(raw.mute_time_intervals) }),
    ...(raw.active_time_intervals === undefined
      ? {}
      : { activeTimeIntervals: named(raw.active_time_intervals) }),
    matchers: matchersFromRaw({ matchers, match, matchRe }, references.source, `${path}.matchers`),
    continue: raw.continue ?? false,
    routes: (raw.routes ?? []).map((child, index) => toRoute(child, references, `${path}.routes[${index}]`)),
  };
}

function rootIssues(root: RawRoute): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const refuse = (key: string, problem: string, remedy: string): void => {
    issues.push({ code: 'contradiction', path: `route.${key}`, problem, remedy });
  };
  if (root.receiver === undefined) {
    issues.push({ code: 'missing-key', path: 'route.receiver', problem: 'the root route needs a receiver' });
  }
  for (const key of ['matchers', 'match', 'match_re'] as const) {
    if (Object.keys(root[key] ?? {}).length > 0)
      refuse(key, 'the root route takes every alert: it has no matchers', 'put them on a child in "routes"');
  }
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const) {
    if ((root[key] ?? []).length > 0)
      refuse(key, 'the root route has no times of its own', 'put them on a child in "routes"');
  }
  if (root.continue === true) refuse('continue', 'the root route has no siblings to go on to', 'remove it');
  return issues;
}

function routeIssues(route: RawRoute, references: RouteReferences, path: string): ConfigIssue[] {
  const names = references.timeIntervals.map(({ name }) => name);
  const times = (['mute_time_intervals', 'active_time_intervals'] as const).flatMap((key) =>
    (route[key] ?? []).flatMap((name, index) =>
      unknownName(name, names, 'time interval', `${path}.${key}[${index}]`),
    ),
  );
  const receiver =
    route.receiver === undefined
      ? []
      : unknownName(route.receiver, references.receivers, 'receiver', `${path}.receiver`);
  const zero = (['group_interval', 'repeat_interval'] as const).flatMap((key): ConfigIssue[] =>
    route[key] === 0
      ? [{ code: 'out-of-range', path: `${path}.${key}`, problem: `${key} cannot be zero` }]
      : [],
  );
  return [
    ...receiver,
    ...times,
    ...zero,
    ...groupByIssues(route.group_by ?? [], `${path}.group_by`),
    ...(route.routes ?? []).flatMap((child, index) =>
      routeIssues(child, references, `${path}.routes[${index}]`),
    ),
  ];
}

function groupByIssues(labels: readonly string[], path: string): ConfigIssue[] {
  if (labels.includes('...') && labels.length > 1) {
    const problem = '"..." groups by every label: no other may stand beside it';
    return [{ code: 'contradiction', path, problem, remedy: 'keep one of the two' }];
  }
  return labels.flatMap((label, index): ConfigIssue[] => {
    if (labels.indexOf(label) !== index)
      return [{ code: 'contradiction', path: `${path}[${index}]`, problem: `${label} occurs twice` }];
    if (label === '...' || isLabelName(label)) return [];
    const problem = `expected the name of a label, got ${JSON.stringify(label)}`;
    return [{ code: 'syntax', path: `${path}[${index}]`, problem }];
  });
}

/** Whether Prometheus takes it for the name of a label. */
export function isLabelName(text: string): boolean {
  return /^[a-zA-Z_]\w*$/.test(text);
}

function unknownName(name: string, known: readonly string[], kind: string, path: string): ConfigIssue[] {
  if (known.includes(name)) return [];
  const nearest = nearestName(name, known);
  const list = `known ${kind}s: ${known.join(', ') || 'none'}`;
  const remedy = nearest === undefined ? list : `did you mean "${nearest}"?`;
  return [{ code: 'contradiction', path, problem: `there is no ${kind} ${JSON.stringify(name)}`, remedy }];
}
