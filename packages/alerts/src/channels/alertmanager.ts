import type { Outcome } from '../delivery/outcome.ts';
import { hopsOf, withHop } from '../relay/hops.ts';
import { generatorUrl } from './alertmanager-v4.ts';
import type { Channel, NotifiedAlert, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { httpChannel, type HttpChannelOptions } from './http-channel.ts';
import { checkRange } from './keywords.ts';
import { outcomeOfStatus, type Answer } from './post.ts';

export interface AlertmanagerOptions extends HttpChannelOptions {
  /** Where Alertmanager is, such as `http://alertmanager:9093`; its path prefix belongs to it. */
  readonly url: string | URL;
  /** Sent with every request, such as `authorization`. Secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * How long a firing alert stands there without a word from here: longer than the route's repeat interval, or
   * Alertmanager calls it resolved in between. @defaultValue 86_400_000, a day
   */
  readonly holdMs?: number;
  /** An alert that so many programs have handed on is going in a circle and is not pushed. @defaultValue 1 */
  readonly maxHops?: number;
}

/**
 * Pushes alerts to an Alertmanager, which routes and tells them.
 *
 * Its route here should not group or repeat for long: grouping is what Alertmanager is there for.
 *
 * @throws {@link ConfigError} for an address that cannot be posted to.
 * @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export function alertmanager(options: AlertmanagerOptions): Channel {
  const { url, headers, holdMs = 86_400_000, maxHops = 1, name = 'alertmanager' } = options;
  checkUrl(url, name);
  checkRange(name, 'maxHops', maxHops, 100);
  const address = new URL('api/v2/alerts', String(url).replace(/\/?$/, '/'));
  return httpChannel(options, {
    name,
    url,
    compose(notification, nowMs) {
      const alerts = notification.alerts.filter(({ annotations }) => hopsOf(annotations) < maxHops);
      if (alerts.length === 0)
        return {
          status: 'misconfigured',
          hint: 'a circle: these alerts came from Alertmanager and would go back to it: route them elsewhere',
        };
      const body = JSON.stringify(alerts.map((alert) => toWire(alert, notification, { nowMs, holdMs })));
      return { url: address, headers: { 'content-type': 'application/json', ...headers }, body };
    },
    judge: judgeAlertmanagerAnswer,
    followsTime: true,
  });
}

/** Judges the answer of `POST /api/v2/alerts`: 200 is an acceptance, 400 and 422 name a label or a time. */
export function judgeAlertmanagerAnswer(answer: Answer, nowMs: number): Outcome {
  return outcomeOfStatus(answer, nowMs) ?? { status: 'sent' };
}

/** An end in Alertmanager's future would be passed over in favour of the later end that was pushed before. */
const MARGIN_MS = 1000;

function toWire(
  alert: NotifiedAlert,
  { externalUrl, plain }: Notification,
  { nowMs, holdMs }: { readonly nowMs: number; readonly holdMs: number },
): object {
  const { labels, annotations, startsAtMs, endsAtMs, expr } = alert;
  const endMs = endsAtMs === undefined ? nowMs + holdMs : Math.min(endsAtMs, nowMs - MARGIN_MS);
  // Refused before, perhaps for an address that is none: then the least is sent.
  const isAddress = !plain && URL.canParse(externalUrl);
  return {
    labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')),
    annotations: withHop(plain ? {} : annotations),
    startsAt: new Date(Math.min(startsAtMs, endMs)).toISOString(),
    endsAt: new Date(endMs).toISOString(),
    ...(isAddress ? { generatorURL: generatorUrl(externalUrl, expr) } : {}),
  };
}
