import { systemClock, type Clock, type Labels } from '@tidewatch/core';
import { isAnswer, outcomeOfStatus, post } from './post.ts';
import type { Channel, NotifiedAlert, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';

export interface WebhookOptions {
  /** Secret: never logged, never put in an error. */
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** More alerts than this are counted in `truncatedAlerts` instead of being sent; 0 is no limit. @defaultValue 0 */
  readonly maxAlerts?: number;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue 'webhook' */
  readonly name?: string;
  readonly resolved?: 'notify' | 'silent';
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
}

/**
 * POSTs the notification in Alertmanager's webhook format, version 4, so that every adapter for it works.
 *
 * The header `idempotency-key` is the same for every attempt of one notification.
 *
 * @throws {@link ConfigError} for an address that is not http or https.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function webhook(options: WebhookOptions): Channel {
  const { url, headers, maxAlerts = 0, timeoutMs = 10_000, name = 'webhook', resolved = 'notify' } = options;
  const { fetch = globalThis.fetch, clock = systemClock } = options;
  checkUrl(url, name);
  return {
    name,
    resolved,
    async send(notification, signal) {
      const nowMs = clock.now();
      const answer = await post(url, {
        fetch,
        headers: { 'content-type': 'application/json', 'idempotency-key': notification.id, ...headers },
        body: JSON.stringify(toAlertmanagerV4(notification, maxAlerts)),
        timeoutMs,
        nowMs,
        signal,
      });
      if (!isAnswer(answer)) return answer;
      return outcomeOfStatus(answer, nowMs) ?? { status: 'sent' };
    },
  };
}

function toAlertmanagerV4(notification: Notification, maxAlerts: number): object {
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
    annotations,
    startsAt: new Date(startsAtMs).toISOString(),
    // Go's zero time: Alertmanager's own way of saying "not ended".
    endsAt: endsAtMs === undefined ? '0001-01-01T00:00:00Z' : new Date(endsAtMs).toISOString(),
    generatorURL: `${externalUrl}/graph?g0.expr=${encodeURIComponent(expr)}&g0.tab=1`,
    fingerprint,
  };
}

/** The names that have the same value in all sets. */
function common(sets: readonly Labels[]): Labels {
  const [first = {}, ...rest] = sets;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((set) => set[name] === value)),
  );
}
