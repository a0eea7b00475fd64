import type { Channel } from './channel.ts';
import { toAlertmanagerV4 } from './alertmanager-v4.ts';
import { checkUrl } from './check-url.ts';
import { httpChannel, type HttpChannelOptions } from './http-channel.ts';
import { outcomeOfStatus } from './post.ts';

export interface WebhookOptions extends HttpChannelOptions {
  /** Secret: never logged, never put in an error. */
  readonly url: string | URL;
  /** Sent with every request, such as `authorization`. Secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** More alerts than this are counted in `truncatedAlerts` instead of being sent; 0 is no limit. @defaultValue 0 */
  readonly maxAlerts?: number;
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
  const { url, headers, maxAlerts = 0, name = 'webhook' } = options;
  checkUrl(url, name);
  return httpChannel(options, {
    name,
    url,
    compose: (notification) => ({
      url,
      headers: { 'content-type': 'application/json', 'idempotency-key': notification.id, ...headers },
      body: JSON.stringify(toAlertmanagerV4(notification, maxAlerts)),
    }),
    judge: (answer, nowMs) => outcomeOfStatus(answer, nowMs) ?? { status: 'sent' },
  });
}
