import type { NotifiedAlert, Notification } from '../channels/channel.ts';
import type { Entry } from './entry.ts';

/**
 * Makes one entry of two of the same group that have not been sent: the newer one's word counts, and an alert
 * that fired and recovered meanwhile is told as recovered, with both times.
 */
function supersede(older: Entry, newer: Entry): Entry {
  const alerts = union([older.notification, newer.notification]);
  const merged: Notification = {
    ...newer.notification,
    alerts,
    status: statusOf(alerts),
    possiblyRepeated: older.notification.possiblyRepeated || newer.notification.possiblyRepeated,
  };
  return {
    ...newer,
    notification: merged,
    enqueuedAtMs: older.enqueuedAtMs,
    lane: laneOfBoth([older, newer]),
  };
}

/**
 * Holds an older entry against a newer one, so that no old word on an alert is told after the newer one: one of
 * the same group goes into the newer, another loses the alerts that the newer speaks of.
 *
 * @returns the two as they are to wait; `older` is absent when nothing is left of it.
 */
export function reconcile(
  older: Entry,
  newer: Entry,
): { readonly older: Entry | undefined; readonly newer: Entry } {
  // Two parts of one split are not put together again: that would be too large again.
  if (wholeGroupKey(older) === newer.notification.groupKey) {
    return { older: undefined, newer: supersede(older, newer) };
  }
  const spokenOf = new Set(newer.notification.alerts.map(({ fingerprint }) => fingerprint));
  const rest = speakingOf(older, (fingerprint) => !spokenOf.has(fingerprint));
  return { older: rest.notification.alerts.length === 0 ? undefined : rest, newer };
}

/** The entry without the alerts on which it has no say; the same one when it has on all. */
export function speakingOf(entry: Entry, hasSay: (fingerprint: string) => boolean): Entry {
  const alerts = entry.notification.alerts.filter(({ fingerprint }) => hasSay(fingerprint));
  if (alerts.length === entry.notification.alerts.length) return entry;
  return { ...entry, notification: { ...entry.notification, alerts, status: statusOf(alerts) } };
}

/** The key of the group of which this entry tells all, or a part. */
export function wholeGroupKey({ notification }: Entry): string {
  return notification.groupKey.replace(/(?:#\d+)+$/, '');
}

/**
 * Makes one digest of many entries: every alert is in it, none is left out.
 *
 * @param entries - At least one, oldest first.
 */
export function digestOf(entries: readonly Entry[], nowMs: number): Entry {
  const [oldest] = entries;
  if (oldest === undefined) throw new RangeError('a digest is made of at least one entry');
  if (entries.length === 1) return oldest;
  const notifications = entries.map(({ notification }) => notification);
  const alerts = union(notifications);
  // A part that waits for some recipients, or was refused in full, must not narrow the others.
  const { recipients: _, ...rest } = oldest.notification;
  const merged = notifications.reduce((sum, one) => sum + one.merged, 0);
  const notification: Notification = {
    ...rest,
    kind: 'digest',
    id: `digest-${oldest.notification.id}-${merged}`,
    groupKey: `digest:${oldest.notification.groupKey}`,
    groupLabels: {},
    status: statusOf(alerts),
    alerts,
    merged,
    createdAtMs: nowMs,
    possiblyRepeated: notifications.some(({ possiblyRepeated }) => possiblyRepeated),
    plain: notifications.every(({ plain }) => plain),
  };
  return {
    notification,
    lane: laneOfBoth(entries),
    enqueuedAtMs: Math.min(...entries.map(({ enqueuedAtMs }) => enqueuedAtMs)),
    refreshedAtMs: Math.max(...entries.map(({ refreshedAtMs }) => refreshedAtMs)),
    notBeforeMs: nowMs,
    attempts: 0,
  };
}

/** A digest grows to about this many alerts: one that is larger costs the event loop too much at once. */
export const MAX_DIGEST_ALERTS = 200;

/**
 * Merges entries into as few digests as may be, the critical ones apart. What is in none of them stays as it is.
 *
 * @param entries - Oldest first.
 */
export function digestsOf(
  entries: readonly Entry[],
  nowMs?: number,
): readonly { readonly parts: readonly Entry[]; readonly entry: Entry }[] {
  const digests: { parts: Entry[]; alerts: number }[] = [];
  for (const lane of ['critical', 'normal'] as const) {
    let current: (typeof digests)[number] | undefined;
    for (const entry of entries) {
      if (entry.lane !== lane) continue;
      const count = entry.notification.alerts.length;
      if (current === undefined || current.alerts + count > MAX_DIGEST_ALERTS)
        digests.push((current = { parts: [], alerts: 0 }));
      current.parts.push(entry);
      current.alerts += count;
    }
  }
  return digests.map(({ parts }) => ({ parts, entry: digestOf(parts, nowMs ?? latestOf(parts)) }));
}

/** A digest that is made for want of room is as old as its news. */
function latestOf(entries: readonly Entry[]): number {
  return Math.max(...entries.map(({ refreshedAtMs }) => refreshedAtMs));
}

/** Cuts an entry in two at the border of alerts; `undefined` when there is one alert only. */
export function split(entry: Entry): readonly [Entry, Entry] | undefined {
  const { alerts, id, groupKey } = entry.notification;
  if (alerts.length < 2) return undefined;
  const half = Math.ceil(alerts.length / 2);
  const part = (some: readonly NotifiedAlert[], number: number): Entry => ({
    ...entry,
    attempts: 0,
    notification: {
      ...entry.notification,
      id: `${id}-${number}`,
      groupKey: `${groupKey}#${number}`,
      alerts: some,
      status: statusOf(some),
    },
  });
  return [part(alerts.slice(0, half), 1), part(alerts.slice(half), 2)];
}

/** The last word on each alert; later notifications win. */
function union(notifications: readonly Notification[]): NotifiedAlert[] {
  const byFingerprint = new Map<string, NotifiedAlert>();
  for (const { alerts } of notifications) {
    for (const alert of alerts) byFingerprint.set(alert.fingerprint, alert);
  }
  return [...byFingerprint.values()];
}

function statusOf(alerts: readonly NotifiedAlert[]): Notification['status'] {
  return alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved';
}

function laneOfBoth(entries: readonly Entry[]): Entry['lane'] {
  return entries.some(({ lane }) => lane === 'critical') ? 'critical' : 'normal';
}
