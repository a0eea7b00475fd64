import type { Labels } from '@tidewatch/core';
import type { NotifiedAlert } from '../channels/channel.ts';
import { fingerprint } from '../rules/fingerprint.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { groupLabels, matchRoutes, type ResolvedRoute } from './route.ts';
import { shouldNotify, type LastNotified, type NotifyReason } from './should-notify.ts';

/** A group whose time has come. */
interface Flush {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly reason: NotifyReason;
  /** What the receiver is told of; empty when it is not told. */
  readonly alerts: readonly NotifiedAlert[];
  /** Whether the receiver is told. */
  readonly notify: boolean;
}

/** What the dispatcher asks at the time of a flush. */
interface FlushView {
  /** Whether an alert is kept back: silenced or inhibited. */
  readonly isQuiet: (alert: NotifiedAlert) => boolean;
  /** The present word on an alert that fires; absent when it is the one that was put. */
  readonly latest: (fingerprint: string) => NotifiedAlert | undefined;
}

/** A group as the store keeps it. What fires in it is known from the alerts themselves. */
export interface GroupRecord {
  readonly routeId: string;
  readonly receiver: string;
  readonly labels: Labels;
  readonly dueMs: number;
  /** Absent when the group has never been told of. */
  readonly last?:
    | {
        readonly atMs: number;
        readonly firing: readonly string[];
        readonly resolved: readonly string[];
      }
    | undefined;
  /** Recoveries that the next flush tells. */
  readonly recovered: readonly NotifiedAlert[];
  /** Alerts that quiet hours have kept back. */
  readonly held: readonly string[];
}

/** Where an alert stands in a group, for `explain`. */
export interface GroupView {
  readonly receiver: string;
  readonly groupKey: string;
  readonly dueMs: number;
  /** What the last flush decided; absent before the first. */
  readonly lastFlush?: { readonly reason: NotifyReason; readonly atMs: number };
}

/** Groups alerts by route and says when a group is told. Time is an argument: nothing here waits. */
export interface Dispatcher {
  /** Takes a change of an alert: it fires, or it has recovered. @returns the receivers it goes to */
  put(alert: NotifiedAlert, nowMs: number): readonly string[];
  /** Writes what `put` has changed to the store. */
  save(): void;
  /** The groups due at this time, one by one; the caller may do other work in between. */
  flush(nowMs: number, view: FlushView): Iterable<Flush>;
  /** When the next group is due; absent when there is none. */
  nextDueMs(): number | undefined;
  /** The groups of an alert that fires. */
  groupsOf(alert: NotifiedAlert): readonly GroupView[];
  /** The clock was set by so much: what waits goes on waiting as long as before. */
  shift(byMs: number): void;
}

export interface DispatcherOptions {
  /** @defaultValue one in memory */
  readonly store?: StateStore;
  /** Whether a route may not speak now; what it would say is kept. @defaultValue never */
  readonly isMuted?: (route: ResolvedRoute, nowMs: number) => boolean;
}

interface Group {
  readonly key: string;
  readonly route: ResolvedRoute;
  readonly labels: Labels;
  readonly alerts: Map<string, NotifiedAlert>;
  readonly held: Set<string>;
  dueMs: number;
  /** Its time is written over when the same is told again. */
  last: { -readonly [K in keyof LastNotified]: LastNotified[K] } | undefined;
  /** What the last flush decided, and when; absent before the first. */
  lastReason: NotifyReason | undefined;
  lastFlushMs: number;
  /** Whether it is in the list of those that the store does not know as they are. */
  isChanged: boolean;
}

/** A muted route is asked again after this time: its hours may end at any minute. */
const MUTED_STEP_MS = 60_000;

export function createDispatcher(root: ResolvedRoute, options: DispatcherOptions = {}): Dispatcher {
  const { store = createMemoryStore(), isMuted = () => false } = options;
  const groups = new Map<string, Group>();
  /** Groups that the store does not know as they are, each once. */
  let changed: Group[] = [];

  restore();
  store.beforeCommit(save);

  function restore(): void {
    for (const [key, { routeId, receiver, labels, dueMs, last, recovered, held }] of store.rows('group')) {
      const route = routeWith(root, routeId);
      // The tree is another one now; what fires finds its new place by itself.
      if (route?.receiver !== receiver) {
        store.remove('group', key);
        continue;
      }
      const told = last && {
        atMs: last.atMs,
        firing: new Set(last.firing),
        resolved: new Set(last.resolved),
      };
      const alerts = new Map(recovered.map((alert) => [alert.fingerprint, alert]));
      groups.set(key, {
        key,
        route,
        labels,
        alerts,
        held: new Set(held),
        dueMs,
        last: told,
        lastReason: undefined,
        lastFlushMs: Number.NaN,
        isChanged: false,
      });
    }
  }

  function touch(group: Group): void {
    if (group.isChanged) return;
    group.isChanged = true;
    changed.push(group);
  }

  function save(): void {
    for (const group of changed) {
      const { key, route, labels, dueMs, last, alerts, held } = group;
      group.isChanged = false;
      if (groups.get(key) !== group) {
        store.remove('group', key);
        continue;
      }
      const told = last && { atMs: last.atMs, firing: listOf(last.firing), resolved: listOf(last.resolved) };
      store.put('group', key, {
        routeId: route.id,
        receiver: route.receiver,
        labels,
        dueMs,
        last: told,
        recovered: recoveredOf(alerts),
        held: listOf(held),
      });
    }
    if (changed.length > 0) changed = [];
  }

  function keyOf(route: ResolvedRoute, labels: Labels): string {
    return `${route.id}:${fingerprint(labels)}`;
  }

  function groupFor(route: ResolvedRoute, alert: NotifiedAlert, nowMs: number): Group | undefined {
    const labels = groupLabels(route, alert.labels);
    const key = keyOf(route, labels);
    const known = groups.get(key);
    if (known !== undefined) return known;
    // What was never told of and has recovered needs no group.
    if (alert.status === 'resolved') return undefined;
    const waits = alert.startsAtMs + route.groupWaitMs > nowMs;
    const dueMs = waits ? nowMs + route.groupWaitMs : nowMs;
    const group: Group = {
      key,
      route,
      labels,
      alerts: new Map(),
      held: new Set(),
      dueMs,
      last: undefined,
      lastReason: undefined,
      lastFlushMs: Number.NaN,
      isChanged: false,
    };
    groups.set(key, group);
    return group;
  }

  function flushGroup(group: Group, nowMs: number, { isQuiet, latest }: FlushView): Flush {
    const { route, key, labels, last, held } = group;
    const isToldOf = (id: string): boolean => last?.firing.has(id) === true || held.has(id);
    // What has been told of stays audible: a silence must not eat the recovery.
    const audible = [...group.alerts.values()].filter(
      (alert) => !isQuiet(alert) || (alert.status === 'resolved' && last?.firing.has(alert.fingerprint)),
    );
    const firing = new Set<string>();
    const resolved = new Set<string>();
    for (const { status, fingerprint: id } of audible) (status === 'firing' ? firing : resolved).add(id);
    const common = { receiver: route.receiver, groupKey: key, groupLabels: labels };
    if (isMuted(route, nowMs)) {
      for (const id of firing) {
        if (isToldOf(id)) continue;
        held.add(id);
        touch(group);
      }
      return { ...common, reason: 'quiet-hours', alerts: [], notify: false };
    }
    const state = { firing, resolved, held };
    const { notify, reason } = shouldNotify(state, last, route.repeatIntervalMs, nowMs);
    const told = notify
      ? audible.filter((alert) => alert.status === 'firing' || isToldOf(alert.fingerprint))
      : [];
    if (notify) {
      // An alert that was told of and is quiet now is still told of: its recovery must be told too.
      const toldAndQuiet = [...(last?.firing ?? [])].filter(
        (id) => group.alerts.get(id)?.status === 'firing',
      );
      for (const id of toldAndQuiet) firing.add(id);
      const [said, over] = [sameOr(last?.firing, firing), sameOr(last?.resolved, resolved)];
      if (last !== undefined && said === last.firing && over === last.resolved) last.atMs = nowMs;
      else group.last = { firing: said, resolved: over, atMs: nowMs };
      held.clear();
      touch(group);
    }
    for (const [id, alert] of group.alerts) {
      if (alert.status !== 'resolved') continue;
      group.alerts.delete(id);
      held.delete(id);
      touch(group);
    }
    const alerts = told.map((alert) =>
      alert.status === 'firing' ? (latest(alert.fingerprint) ?? alert) : alert,
    );
    return { ...common, reason, alerts, notify };
  }

  function* flush(nowMs: number, view: FlushView): Generator<Flush> {
    for (const [key, group] of groups) {
      const { groupWaitMs, groupIntervalMs } = group.route;
      // Further away than any wait: the clock was set back.
      const isUnbelievable = group.dueMs - nowMs > Math.max(groupWaitMs, groupIntervalMs);
      if (group.dueMs > nowMs && !isUnbelievable) continue;
      const flushed = flushGroup(group, nowMs, view);
      group.lastReason = flushed.reason;
      group.lastFlushMs = nowMs;
      if (group.alerts.size === 0) {
        groups.delete(key);
        touch(group);
      }
      const tickMs = nowMs + groupIntervalMs;
      const repeatMs = group.last === undefined ? tickMs : group.last.atMs + group.route.repeatIntervalMs;
      // A repetition comes at its own time, not at the next multiple of the group interval.
      group.dueMs = repeatMs > nowMs ? Math.min(tickMs, repeatMs) : tickMs;
      if (flushed.reason === 'quiet-hours') group.dueMs = Math.min(tickMs, nowMs + MUTED_STEP_MS);
      yield flushed;
    }
  }

  return {
    put(alert, nowMs) {
      const routes = matchRoutes(root, alert.labels);
      for (const route of routes) {
        const group = groupFor(route, alert, nowMs);
        if (group === undefined) continue;
        group.alerts.set(alert.fingerprint, alert);
        touch(group);
      }
      return routes.map(({ receiver }) => receiver);
    },
    save,
    flush,
    nextDueMs() {
      let nextMs = Number.POSITIVE_INFINITY;
      for (const { dueMs } of groups.values()) nextMs = Math.min(nextMs, dueMs);
      return Number.isFinite(nextMs) ? nextMs : undefined;
    },
    groupsOf: (alert) =>
      matchRoutes(root, alert.labels).flatMap((route): GroupView[] => {
        const group = groups.get(keyOf(route, groupLabels(route, alert.labels)));
        if (group === undefined) return [];
        const { key: groupKey, dueMs, lastReason: reason, lastFlushMs: atMs } = group;
        const lastFlush = reason && { lastFlush: { reason, atMs } };
        return [{ receiver: route.receiver, groupKey, dueMs, ...lastFlush }];
      }),
    shift(byMs) {
      for (const group of groups.values()) {
        group.dueMs += byMs;
        if (group.last !== undefined) group.last = { ...group.last, atMs: group.last.atMs + byMs };
        touch(group);
      }
      save();
    },
  };
}

/** Thousands of groups have nothing in common but what they do not have. */
const NOBODY: ReadonlySet<string> = new Set();
const EMPTY: readonly never[] = [];

function recoveredOf(alerts: ReadonlyMap<string, NotifiedAlert>): readonly NotifiedAlert[] {
  let recovered: NotifiedAlert[] | undefined;
  for (const alert of alerts.values()) if (alert.status === 'resolved') (recovered ??= []).push(alert);
  return recovered ?? EMPTY;
}

function listOf(set: ReadonlySet<string>): readonly string[] {
  return set.size === 0 ? EMPTY : [...set];
}

/** The set that is there already when the other holds the same. */
function sameOr(known: ReadonlySet<string> | undefined, set: ReadonlySet<string>): ReadonlySet<string> {
  if (set.size === 0) return NOBODY;
  return known?.size === set.size && [...set].every((id) => known.has(id)) ? known : set;
}

function routeWith(route: ResolvedRoute, id: string): ResolvedRoute | undefined {
  if (route.id === id) return route;
  for (const child of route.routes) {
    const found = routeWith(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
