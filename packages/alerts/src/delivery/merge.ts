import type { NotifiedAlert, Notification } from '../channels/channel.ts';
import type { Entry } from './entry.ts';

/**
 * Makes one entry of two of the same group that have not been sent: the newer one's word counts, and an alert
 * that fired and recovered meanwhile is told as recovered, with both times.
 */
export function supersede(older: Entry, newer: Entry): Entry {
  const alerts = union([older.notification, newer.notification]);
  const merged: Notification = { ...newer.notification, alerts, status: statusOf(alerts) };
  return {
    ...newer,
    notification: merged,
    enqueuedAtMs: older.enqueuedAtMs,
    lane: laneOfBoth([older, newer]),
  };
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
  const merged = notifications.reduce((sum, one) => sum + one.merged, 0);
  const notification: Notification = {
    ...oldest.notification,
    kind: 'digest',
    id: `digest-${oldest.notification.id}-${merged}`,
    groupKey: `digest:${oldest.notification.groupKey}`,
    groupLabels: {},
    status: statusOf(alerts),
    alerts,
    merged,
    createdAtMs: nowMs,
    possiblyRepeated: notifications.some(({ possiblyRepeated }) => possiblyRepeated),
  };
  const lane = laneOfBoth(entries);
  return { notification, lane, enqueuedAtMs: oldest.enqueuedAtMs, notBeforeMs: nowMs, attempts: 0 };
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
