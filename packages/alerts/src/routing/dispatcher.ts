import type { Labels } from '@tidewatch/core';
import type { NotifiedAlert } from '../channels/channel.ts';
import { fingerprint } from '../rules/fingerprint.ts';
import { groupLabels, matchRoutes, type ResolvedRoute } from './route.ts';
import { shouldNotify, type LastNotified, type NotifyReason } from './should-notify.ts';

/** A group whose time has come. */
export interface Flush {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly reason: NotifyReason;
  readonly alerts: readonly NotifiedAlert[];
  /** Whether the receiver is told. */
  readonly notify: boolean;
}

/** Groups alerts by route and says when a group is told. Time is an argument: nothing here waits. */
export interface Dispatcher {
  /** Takes the present word on an alert. @returns the receivers it goes to */
  put(alert: NotifiedAlert, nowMs: number): readonly string[];
  /** The groups due at this time. `isQuiet` keeps single alerts back: silenced or inhibited. */
  flush(nowMs: number, isQuiet: (alert: NotifiedAlert) => boolean): readonly Flush[];
  /** When the next group is due; absent when there is none. */
  nextDueMs(): number | undefined;
}

interface Group {
  readonly key: string;
  readonly route: ResolvedRoute;
  readonly labels: Labels;
  readonly alerts: Map<string, NotifiedAlert>;
  dueMs: number;
  last: LastNotified | undefined;
}

export function createDispatcher(root: ResolvedRoute): Dispatcher {
  const groups = new Map<string, Group>();

  function groupFor(route: ResolvedRoute, alert: NotifiedAlert, nowMs: number): Group | undefined {
    const labels = groupLabels(route, alert.labels);
    const key = `${route.id}:${fingerprint(labels)}`;
    const known = groups.get(key);
    if (known !== undefined) return known;
    // What was never told of and has recovered needs no group.
    if (alert.status === 'resolved') return undefined;
    const waits = alert.startsAtMs + route.groupWaitMs > nowMs;
    const dueMs = waits ? nowMs + route.groupWaitMs : nowMs;
    const group: Group = { key, route, labels, alerts: new Map(), dueMs, last: undefined };
    groups.set(key, group);
    return group;
  }

  function flushGroup(group: Group, nowMs: number, isQuiet: (alert: NotifiedAlert) => boolean): Flush {
    const { route, key, labels, last } = group;
    // What has been told of stays audible: a silence must not eat the recovery.
    const audible = [...group.alerts.values()].filter(
      (alert) =>
        !isQuiet(alert) || (alert.status === 'resolved' && last?.firing.has(alert.fingerprint) === true),
    );
    const keysOf = (status: NotifiedAlert['status']): Set<string> =>
      new Set(audible.filter((alert) => alert.status === status).map((alert) => alert.fingerprint));
    const state = { firing: keysOf('firing'), resolved: keysOf('resolved') };
    const { notify, reason } = shouldNotify(state, last, route.repeatIntervalMs, nowMs);
    if (notify) {
      // An alert that was told of and is quiet now is still told of: its recovery must be told too.
      const toldAndQuiet = [...(last?.firing ?? [])].filter(
        (id) => group.alerts.get(id)?.status === 'firing',
      );
      group.last = {
        firing: new Set([...state.firing, ...toldAndQuiet]),
        resolved: state.resolved,
        atMs: nowMs,
      };
    }
    const alerts = audible.filter(
      (alert) => alert.status === 'firing' || last?.firing.has(alert.fingerprint) === true,
    );
    for (const [id, alert] of group.alerts) if (alert.status === 'resolved') group.alerts.delete(id);
    return { receiver: route.receiver, groupKey: key, groupLabels: labels, reason, alerts, notify };
  }

  return {
    put(alert, nowMs) {
      const routes = matchRoutes(root, alert.labels);
      for (const route of routes) groupFor(route, alert, nowMs)?.alerts.set(alert.fingerprint, alert);
      return routes.map(({ receiver }) => receiver);
    },
    flush(nowMs, isQuiet) {
      const flushes: Flush[] = [];
      for (const [key, group] of groups) {
        const { groupWaitMs, groupIntervalMs } = group.route;
        // Further away than any wait: the clock was set back.
        const isUnbelievable = group.dueMs - nowMs > Math.max(groupWaitMs, groupIntervalMs);
        if (group.dueMs > nowMs && !isUnbelievable) continue;
        flushes.push(flushGroup(group, nowMs, isQuiet));
        if (group.alerts.size === 0) groups.delete(key);
        const tickMs = nowMs + group.route.groupIntervalMs;
        const repeatMs = group.last === undefined ? tickMs : group.last.atMs + group.route.repeatIntervalMs;
        // A repetition comes at its own time, not at the next multiple of the group interval.
        group.dueMs = repeatMs > nowMs ? Math.min(tickMs, repeatMs) : tickMs;
      }
      return flushes;
    },
    nextDueMs() {
      const dues = [...groups.values()].map(({ dueMs }) => dueMs);
      return dues.length === 0 ? undefined : Math.min(...dues);
    },
  };
}
