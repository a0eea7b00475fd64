import { z } from 'zod';
import type { NotifiedAlert } from '../channels/channel.ts';
import { fingerprint } from '../rules/fingerprint.ts';
import { HOPS, withHop } from './hops.ts';
import type { RelayedGroup } from './relayed-group.ts';

/** An Alertmanager's webhook, read. */
export interface ReadWebhook extends RelayedGroup {
  /** Alertmanager's own name for the receiver. */
  readonly receiver: string;
  /** Alerts that Alertmanager counted instead of sending. */
  readonly truncated: number;
}

const labels = z.record(z.string(), z.string());
const time = z.string().transform((text, context) => {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  context.addIssue({ code: 'custom', message: 'expected a time' });
  return z.NEVER;
});

/** Version 4. Newer releases add fields, so those that are not known are passed over. */
const webhook = z.object({
  version: z.literal('4'),
  receiver: z.string(),
  groupKey: z.string(),
  truncatedAlerts: z.number().optional(),
  groupLabels: labels.optional(),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels,
      annotations: labels.optional(),
      startsAt: time,
      endsAt: time.optional(),
      generatorURL: z.string().optional(),
      fingerprint: z.string().optional(),
    }),
  ),
});

type WireAlert = z.infer<typeof webhook>['alerts'][number];

/**
 * Reads the body that Alertmanager posts to a webhook.
 *
 * @returns `undefined` when it is anything else.
 */
export function readWebhook(body: string): ReadWebhook | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { success, data } = webhook.safeParse(json);
  if (!success) return undefined;
  const { receiver, groupKey, groupLabels = {}, truncatedAlerts: truncated = 0, alerts } = data;
  return { receiver, groupKey, groupLabels, truncated, alerts: alerts.map(toAlert) };
}

/** Its value is in its annotations, if anywhere: none is known here. */
function toAlert(alert: WireAlert): NotifiedAlert {
  const { status, annotations = {}, startsAt, endsAt } = alert;
  return {
    fingerprint: alert.fingerprint ?? fingerprint(alert.labels),
    status,
    labels: alert.labels,
    // One of ours has counted itself when it was sent.
    annotations: HOPS in annotations ? annotations : withHop(annotations),
    value: undefined,
    firingValue: undefined,
    activeAtMs: startsAt,
    startsAtMs: startsAt,
    // While it fires, Alertmanager writes Go's zero time.
    ...(status === 'resolved' && endsAt !== undefined ? { endsAtMs: endsAt } : {}),
    expr: '',
  };
}
