import { ConfigError, nearestName, type ConfigIssue } from '@tidewatch/core';
import type { Channel } from './channels/channel.ts';
import type { Escalation } from './routing/escalation.ts';
import type { ResolvedRoute } from './routing/route.ts';

/**
 * Holds the parts of the options against each other.
 *
 * @param times - Lengths of time by option; none is 0, or no number.
 * @throws {@link ConfigError} for a route without a known receiver, an unknown time zone or a length of time that is none.
 */
export function checkOptions(
  root: ResolvedRoute,
  receivers: Readonly<Record<string, readonly Channel[]>>,
  timeZone: string,
  times: Readonly<Record<string, number>>,
  escalations: readonly Escalation[] = [],
): void {
  const known = Object.keys(receivers);
  const issues: ConfigIssue[] = [
    ...routeIssues(root, known),
    ...timeIssues(times),
    ...escalations.flatMap(({ receiver, afterMs }, index) => [
      ...receiverIssues(receiver, known, `escalations[${index}].receiver`),
      ...timeIssues({ afterMs }, `escalations[${index}].`, 0),
    ]),
  ];
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
  const place = route.id.replace('root', 'route').replaceAll(/\/(\d+)/g, '.routes[$1]');
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = route;
  const below = [
    ...timeIssues({ groupWaitMs }, `${place}.`, 0),
    ...timeIssues({ groupIntervalMs, repeatIntervalMs }, `${place}.`),
    ...route.routes.flatMap((child) => routeIssues(child, known)),
  ];
  return [...receiverIssues(route.receiver, known, `${place}.receiver`), ...below];
}

function receiverIssues(receiver: string, known: readonly string[], path: string): ConfigIssue[] {
  if (known.includes(receiver)) return [];
  const nearest = nearestName(receiver, known);
  const remedy =
    nearest === undefined ? `known receivers: ${known.join(', ') || 'none'}` : `did you mean "${nearest}"?`;
  const problem =
    receiver === '' ? 'the receiver is missing' : `there is no receiver ${JSON.stringify(receiver)}`;
  return [{ code: receiver === '' ? 'missing-key' : 'contradiction', path, problem, remedy }];
}

/** Less than `leastMs` would make a loop spin; no number would make it hang. */
function timeIssues(times: Readonly<Record<string, number>>, place = '', leastMs = 1): ConfigIssue[] {
  return Object.entries(times).flatMap(([name, ms]): ConfigIssue[] => {
    if (Number.isFinite(ms) && ms >= leastMs) return [];
    const problem = `expected milliseconds from ${leastMs}, got ${ms}`;
    return [{ code: 'out-of-range', path: `${place}${name}`, problem }];
  });
}
