import type { Labels } from '@tidewatch/core';
import { matchesAll, toMatcher, type Matcher } from './matcher.ts';
import type { NamedTimeIntervals, RouteTimes } from './time-interval.ts';

/** A node of the routing tree. What a child leaves out it has from its parent. */
export interface Route {
  /** Name of the receiver. The root must have one. */
  readonly receiver?: string;
  /** Alerts with equal values of these labels travel together; `['...']` is all labels. @defaultValue [] */
  readonly groupBy?: readonly string[];
  /** How long a new group waits for more alerts before its first message. @defaultValue 30_000 */
  readonly groupWaitMs?: number;
  /** Least time between two messages of a group. @defaultValue 300_000 */
  readonly groupIntervalMs?: number;
  /** When nothing changes, a firing group is told again after this time. @defaultValue 14_400_000 */
  readonly repeatIntervalMs?: number;
  /** All must hold; such as `severity="critical"`. The root has none. */
  readonly matchers?: readonly (string | Matcher)[];
  /** Whether siblings after this one are tried as well. @defaultValue false */
  readonly continue?: boolean;
  /** Nothing is told during these; what would have been is told afterwards. Children do not inherit them. */
  readonly muteTimeIntervals?: readonly NamedTimeIntervals[];
  /** Told only during these, when there are any. Children do not inherit them. */
  readonly activeTimeIntervals?: readonly NamedTimeIntervals[];
  readonly routes?: readonly Route[];
}

/** A route with everything inherited filled in. */
export interface ResolvedRoute extends RouteTimes {
  /** Place in the tree, such as `root/1/0`: part of the key of every group. */
  readonly id: string;
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly matchers: readonly Matcher[];
  readonly continues: boolean;
  readonly routes: readonly ResolvedRoute[];
}

/** Alertmanager's defaults. */
const DEFAULTS = {
  receiver: '',
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 14_400_000,
};

/**
 * Fills in what children inherit, and parses the matchers.
 *
 * @throws {@link ConfigError} for a matcher that cannot be read.
 */
export function resolveRoute(
  route: Route,
  parent: Omit<ResolvedRoute, 'id' | 'matchers' | 'continues' | 'routes' | keyof RouteTimes> = DEFAULTS,
  id = 'root',
): ResolvedRoute {
  const inherited = {
    receiver: route.receiver ?? parent.receiver,
    groupBy: route.groupBy ?? parent.groupBy,
    groupWaitMs: route.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: route.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: route.repeatIntervalMs ?? parent.repeatIntervalMs,
  };
  return {
    ...inherited,
    id,
    matchers: (route.matchers ?? []).map(toMatcher),
    continues: route.continue ?? false,
    muteTimeIntervals: route.muteTimeIntervals ?? [],
    activeTimeIntervals: route.activeTimeIntervals ?? [],
    routes: (route.routes ?? []).map((child, index) => resolveRoute(child, inherited, `${id}/${index}`)),
  };
}

/**
 * The routes an alert takes: in each node the first child that matches, and those after it while `continue`
 * is set; the node itself when no child matches.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#route
 */
export function matchRoutes(route: ResolvedRoute, labels: Labels): ResolvedRoute[] {
  if (!matchesAll(route.matchers, labels)) return [];
  const found: ResolvedRoute[] = [];
  for (const child of route.routes) {
    const matched = matchRoutes(child, labels);
    found.push(...matched);
    if (matched.length > 0 && !child.continues) break;
  }
  return found.length > 0 ? found : [route];
}

/** The labels by which an alert is grouped on a route. */
export function groupLabels(route: ResolvedRoute, labels: Labels): Labels {
  if (route.groupBy.includes('...')) return labels;
  const present = route.groupBy.filter((name) => labels[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, labels[name] ?? '']));
}
