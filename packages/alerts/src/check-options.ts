import { ConfigError, nearestName, type ConfigIssue } from '@tidewatch/core';
import type { Channel } from './channels/channel.ts';
import type { ResolvedRoute } from './routing/route.ts';

/**
 * Holds the parts of the options against each other.
 *
 * @throws {@link ConfigError} for a route without a known receiver, an unknown time zone or an interval that is none.
 */
export function checkOptions(
  root: ResolvedRoute,
  receivers: Readonly<Record<string, readonly Channel[]>>,
  timeZone: string,
  intervalMs: number,
): void {
  const issues: ConfigIssue[] = routeIssues(root, Object.keys(receivers));
  if (!Number.isFinite(intervalMs) || intervalMs < 1) {
    issues.push({
      code: 'out-of-range',
      path: 'intervalMs',
      problem: `expected milliseconds from 1, got ${intervalMs}`,
    });
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone }).format(0);
  } catch {
    issues.push({
      code: 'out-of-range',
      path: 'timeZone',
      problem: `${JSON.stringify(timeZone)} is not a time zone`,
      remedy: 'use an IANA name such as "Asia/Shanghai"',
    });
  }
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError('createAlerting', [first, ...rest]);
}

function routeIssues(route: ResolvedRoute, known: readonly string[]): ConfigIssue[] {
  const below = route.routes.flatMap((child) => routeIssues(child, known));
  if (known.includes(route.receiver)) return below;
  const nearest = nearestName(route.receiver, known);
  const remedy =
    nearest === undefined ? `known receivers: ${known.join(', ') || 'none'}` : `did you mean "${nearest}"?`;
  const path = `${route.id.replace('root', 'route').replaceAll(/\/(\d+)/g, '.routes[$1]')}.receiver`;
  const problem =
    route.receiver === ''
      ? 'the receiver is missing'
      : `there is no receiver ${JSON.stringify(route.receiver)}`;
  return [{ code: route.receiver === '' ? 'missing-key' : 'contradiction', path, problem, remedy }, ...below];
}
