import { ConfigError, type Clock } from '@tidewatch/core';
import type { Channel } from '../channels/channel.ts';
import { dingtalk } from '../channels/dingtalk.ts';
import { email, type MailTransport } from '../channels/email.ts';
import { feishu } from '../channels/feishu.ts';
import { pagerduty } from '../channels/pagerduty.ts';
import { slack } from '../channels/slack.ts';
import { wecom } from '../channels/wecom.ts';
import { webhook } from '../channels/webhook.ts';
import type { InhibitRule } from '../routing/inhibit.ts';
import type { Route } from '../routing/route.ts';
import type { AlertmanagerConfig } from './load-alertmanager-config.ts';
import { httpOptions, missing, resolved, secret, type ConfigContext } from './config-context.ts';
import type {
  RawDingtalk,
  RawEmail,
  RawFeishu,
  RawPagerduty,
  RawSlack,
  RawWebhook,
  RawWecom,
} from './raw-alertmanager.ts';
import { smsFromRaw } from './sms-from-raw.ts';

export interface ReceiversFromConfigOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  /** Makes the mail transport from SMTP options. @defaultValue nodemailer's `createTransport` */
  readonly createTransport?: (options: object) => MailTransport;
}

/** What `createAlerting` takes from an `alertmanager.yml`: spread it into the options. */
export interface ReceiversFromConfig {
  readonly route: Route;
  readonly receivers: Readonly<Record<string, readonly Channel[]>>;
  readonly inhibitRules: readonly InhibitRule[];
}

/**
 * Turns a parsed `alertmanager.yml` into channels. Secrets come from the file itself or, better, from files that it
 * names: `url_file`, `secret_file`, `auth_password_file`, `access_key_secret_file`.
 *
 * @throws {@link ConfigError} when a secret is missing, given twice, or its file cannot be read.
 */
export function receiversFromConfig(
  config: AlertmanagerConfig,
  options: ReceiversFromConfigOptions = {},
): ReceiversFromConfig {
  const receivers = config.receivers.map((receiver, index): [string, readonly Channel[]] => {
    const context = (key: string, number: number): ConfigContext => {
      return { config, options, path: `receivers[${index}].${key}[${number}]` };
    };
    const channels = [
      ...(receiver.webhook_configs ?? []).map((raw, n) => toWebhook(raw, context('webhook_configs', n))),
      ...(receiver.email_configs ?? []).map((raw, n) => toEmail(raw, context('email_configs', n))),
      ...(receiver.dingtalk_configs ?? []).map((raw, n) => toDingtalk(raw, context('dingtalk_configs', n))),
      ...(receiver.feishu_configs ?? []).map((raw, n) => toFeishu(raw, context('feishu_configs', n))),
      ...(receiver.wecom_configs ?? []).map((raw, n) => toWecom(raw, context('wecom_configs', n))),
      ...(receiver.slack_configs ?? []).map((raw, n) => toSlack(raw, context('slack_configs', n))),
      ...(receiver.pagerduty_configs ?? []).map((raw, n) =>
        toPagerduty(raw, context('pagerduty_configs', n)),
      ),
      ...(receiver.sms_configs ?? []).map((raw, n) => smsFromRaw(raw, context('sms_configs', n))),
    ];
    return [receiver.name, channels];
  });
  return { route: config.route, receivers: Object.fromEntries(receivers), inhibitRules: config.inhibitRules };
}

function toWebhook(raw: RawWebhook, context: ConfigContext): Channel {
  return webhook({
    ...httpOptions(context),
    url: secret(context, 'url', raw.url, raw.url_file),
    maxAlerts: raw.max_alerts ?? 0,
    resolved: resolved(raw.send_resolved, true),
  });
}

function toDingtalk(raw: RawDingtalk, context: ConfigContext): Channel {
  return dingtalk({
    ...httpOptions(context),
    webhookUrl: secret(context, 'url', raw.url, raw.url_file),
    ...signing(raw, context),
    ...(raw.format === undefined ? {} : { format: raw.format }),
    at: { mobiles: raw.at_mobiles ?? [], everybody: raw.at_all ?? false },
    ...(raw.per_minute === undefined ? {} : { perMinute: raw.per_minute }),
    resolved: resolved(raw.send_resolved, true),
  });
}

function toFeishu(raw: RawFeishu, context: ConfigContext): Channel {
  return feishu({
    ...httpOptions(context),
    webhookUrl: secret(context, 'url', raw.url, raw.url_file),
    ...signing(raw, context),
    ...(raw.format === undefined ? {} : { format: raw.format }),
    ...(raw.at === undefined ? {} : { at: raw.at }),
    resolved: resolved(raw.send_resolved, true),
  });
}

function toWecom(raw: RawWecom, context: ConfigContext): Channel {
  return wecom({
    ...httpOptions(context),
    webhookUrl: secret(context, 'url', raw.url, raw.url_file),
    ...(raw.format === undefined ? {} : { format: raw.format }),
    ...(raw.at_mobiles === undefined ? {} : { mobiles: raw.at_mobiles }),
    ...(raw.per_minute === undefined ? {} : { perMinute: raw.per_minute }),
    resolved: resolved(raw.send_resolved, true),
  });
}

function toSlack(raw: RawSlack, context: ConfigContext): Channel {
  const { global } = context.config;
  const isOwn = raw.api_url !== undefined || raw.api_url_file !== undefined;
  const [inline, file] = isOwn
    ? [raw.api_url, raw.api_url_file]
    : [global.slack_api_url, global.slack_api_url_file];
  return slack({
    ...httpOptions(context),
    webhookUrl: secret(context, 'api_url', inline, file),
    // Alertmanager's default: a recovery is not told unless asked for.
    resolved: resolved(raw.send_resolved, false),
  });
}

function toPagerduty(raw: RawPagerduty, context: ConfigContext): Channel {
  const url = raw.url ?? context.config.global.pagerduty_url;
  return pagerduty({
    ...httpOptions(context),
    routingKey: secret(context, 'routing_key', raw.routing_key, raw.routing_key_file),
    ...(url === undefined ? {} : { url }),
    resolved: resolved(raw.send_resolved, true),
  });
}

/** The secret and the keywords of a robot, where it is set to them. */
function signing(
  raw: RawDingtalk | RawFeishu,
  context: ConfigContext,
): { secret?: string; keywords?: string[] } {
  const isSigned = raw.secret !== undefined || raw.secret_file !== undefined;
  return {
    ...(isSigned ? { secret: secret(context, 'secret', raw.secret, raw.secret_file) } : {}),
    ...(raw.keywords === undefined ? {} : { keywords: raw.keywords }),
  };
}

function toEmail(raw: RawEmail, context: ConfigContext): Channel {
  const { global } = context.config;
  const smarthost = raw.smarthost ?? global.smtp_smarthost;
  const from = raw.from ?? global.smtp_from;
  if (smarthost === undefined)
    throw missing(context, 'smarthost', 'set it here, or smtp_smarthost in global');
  if (from === undefined) throw missing(context, 'from', 'set it here, or smtp_from in global');
  const match = /^(.+):(\d{1,5})$/.exec(smarthost);
  if (match === null) {
    const problem = `expected HOST:PORT, got ${JSON.stringify(smarthost)}`;
    throw new ConfigError(context.config.source, [
      {
        code: 'wrong-type',
        path: `${context.path}.smarthost`,
        problem,
        remedy: 'such as "smtp.example.com:587"',
      },
    ]);
  }
  const port = Number(match[2]);
  const user = raw.auth_username ?? global.smtp_auth_username;
  const hasOwnPassword = raw.auth_password !== undefined || raw.auth_password_file !== undefined;
  const inline = hasOwnPassword ? raw.auth_password : global.smtp_auth_password;
  const file = hasOwnPassword ? raw.auth_password_file : global.smtp_auth_password_file;
  return email({
    from,
    to: raw.to.split(',').map((address) => address.trim()),
    smtp: {
      host: match[1] ?? '',
      port,
      secure: port === 465,
      requireTls: raw.require_tls ?? global.smtp_require_tls ?? true,
      ...(user === undefined ? {} : { user, password: secret(context, 'auth_password', inline, file) }),
    },
    ...(context.options.createTransport === undefined
      ? {}
      : { createTransport: context.options.createTransport }),
    // Alertmanager's default: a recovery is not mailed unless asked for.
    resolved: resolved(raw.send_resolved, false),
  });
}
