import { createHash } from 'node:crypto';
import { ConfigError } from '@tidewatch/core';
import type { Outcome } from '../delivery/outcome.ts';
import { renderMessage, shorten, type MessageAlert } from '../messages/render-message.ts';
import { answerJson } from './answer-json.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { httpChannel, type HttpChannelOptions } from './http-channel.ts';
import { outcomeOfStatus, type Answer } from './post.ts';

export interface PagerdutyOptions extends HttpChannelOptions {
  /** Integration key of Events API v2. Secret: never logged, never put in an error. */
  readonly routingKey: string;
  /**
   * Address of the service; that of the European region is another one.
   *
   * @defaultValue 'https://events.pagerduty.com/v2/enqueue'
   */
  readonly url?: string | URL;
}

const MAX_SUMMARY = 1024;
/** Alerts beyond this are counted: an event may have 512 kB. */
const MAX_ALERTS = 100;

/**
 * PagerDuty's Events API v2: a group of alerts is one incident, which its recovery resolves.
 *
 * Repetitions fold into the incident by its `dedup_key`, so nothing is doubled.
 *
 * @throws {@link ConfigError} for an empty key, or an address that cannot be posted to.
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 */
export function pagerduty(options: PagerdutyOptions): Channel {
  const { routingKey, url = 'https://events.pagerduty.com/v2/enqueue', name = 'pagerduty' } = options;
  checkUrl(url, name);
  if (routingKey.trim() === '') {
    const problem = 'must not be empty';
    throw new ConfigError(`channel ${name}`, [{ code: 'out-of-range', path: 'routingKey', problem }]);
  }
  return httpChannel(options, {
    name,
    url,
    compose: (notification) => ({
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ routing_key: routingKey, ...toEvent(notification) }),
    }),
    judge: judgePagerdutyAnswer,
  });
}

/** Judges PagerDuty's answer: 202 alone is an acceptance. */
export function judgePagerdutyAnswer(answer: Answer, nowMs: number): Outcome {
  const { status, body } = answer;
  const { dedup_key: receipt, errors } = answerJson(body) ?? {};
  if (status === 202) return { status: 'sent', ...(typeof receipt === 'string' ? { receipt } : {}) };
  if (status === 400) {
    return /routing.?key/i.test(JSON.stringify(errors ?? ''))
      ? {
          status: 'misconfigured',
          hint: 'the option "routingKey" is not the integration key of an Events API v2',
        }
      : { status: 'rejectedContent', detail: 'HTTP 400: the event is not valid' };
  }
  return outcomeOfStatus(answer, nowMs) ?? { status: 'ambiguous', detail: `HTTP ${status}` };
}

function toEvent(notification: Notification): object {
  const message = renderMessage(notification);
  const { alerts, status, externalUrl, createdAtMs } = notification;
  const [first] = alerts;
  const runbookUrl = message.alerts.find((alert) => alert.runbookUrl !== undefined)?.runbookUrl;
  const links = [
    ...(message.link === undefined ? [] : [{ href: message.link.url, text: message.link.text }]),
    ...(runbookUrl === undefined ? [] : [{ href: runbookUrl, text: message.texts.runbook }]),
  ];
  const summary = [message.title, message.alerts[0]?.lines[0]].filter(Boolean).join(' · ');
  return {
    event_action: status === 'firing' ? 'trigger' : 'resolve',
    dedup_key: dedupKey(notification.groupKey),
    client: 'Tidewatch',
    ...(externalUrl === '' ? {} : { client_url: externalUrl }),
    payload: {
      summary: shorten(summary, MAX_SUMMARY),
      source: first?.labels['instance'] ?? first?.labels['model'] ?? 'tidewatch',
      severity: severityOf(notification),
      timestamp: new Date(createdAtMs).toISOString(),
      class: shorten(first?.labels['alertname'] ?? '', MAX_SUMMARY),
      group: shorten(first?.labels['area'] ?? notification.receiver, MAX_SUMMARY),
      custom_details: {
        notes: message.notes,
        alerts: message.alerts.slice(0, MAX_ALERTS).map(describe),
        more: Math.max(0, message.alerts.length - MAX_ALERTS),
      },
    },
    links,
  };
}

function describe({ heading, lines, facts }: MessageAlert): object {
  return { heading, lines, ...Object.fromEntries(facts) };
}

/** The same for every message of a group; the parts of a split one belong to it. */
function dedupKey(groupKey: string): string {
  return createHash('sha256')
    .update(groupKey.replace(/(?:#\d+)+$/, ''))
    .digest('hex');
}

const SEVERITIES = ['critical', 'error', 'warning', 'info'];

/** The worst of those that PagerDuty knows; what has none is a warning. */
function severityOf({ alerts }: Notification): string {
  const severities = new Set(alerts.map(({ labels }) => labels['severity']));
  return SEVERITIES.find((severity) => severities.has(severity)) ?? 'warning';
}
