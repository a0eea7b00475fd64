import type { Labels } from '@tidewatch/core';
import { HOPS, withHop } from '../relay/hops.ts';
import type { NotifiedAlert, Notification } from './channel.ts';

/** Alertmanager's webhook body, version 4; a count takes the place of the alerts beyond `maxAlerts`. */
export function toAlertmanagerV4(notification: Notification, maxAlerts: number): object {
  const { alerts, receiver, status, groupKey, groupLabels, externalUrl } = notification;
  const sent = maxAlerts > 0 ? alerts.slice(0, maxAlerts) : alerts;
  return {
    version: '4',
    groupKey,
    truncatedAlerts: alerts.length - sent.length,
    status,
    receiver,
    groupLabels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts: sent.map((alert) => toWireAlert(alert, externalUrl)),
  };
}

function toWireAlert(alert: NotifiedAlert, externalUrl: string): object {
  const { status, labels, annotations, startsAtMs, endsAtMs, fingerprint, expr } = alert;
  return {
    status,
    labels,
    // An alert that came from elsewhere keeps count, so that a circle of relays ends.
    annotations: HOPS in annotations ? withHop(annotations) : annotations,
    startsAt: new Date(startsAtMs).toISOString(),
    // Go's zero time: Alertmanager's own way of saying "not ended".
    endsAt: endsAtMs === undefined ? '0001-01-01T00:00:00Z' : new Date(endsAtMs).toISOString(),
    generatorURL: generatorUrl(externalUrl, expr),
    fingerprint,
  };
}

/** Where the expression can be looked at, as Prometheus writes it. */
export function generatorUrl(externalUrl: string, expr: string): string {
  return `${externalUrl}/graph?g0.expr=${encodeURIComponent(expr)}&g0.tab=1`;
}

/** The names that have the same value in all sets. */
function common(sets: readonly Labels[]): Labels {
  const [first = {}, ...rest] = sets;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((set) => set[name] === value)),
  );
}
