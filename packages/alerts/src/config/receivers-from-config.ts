import { ConfigError, type Clock } from '@tidewatch/core';
import { aliyunSms } from '../channels/aliyun-sms.ts';
import type { Channel } from '../channels/channel.ts';
import { dingtalk } from '../channels/dingtalk.ts';
import { email, type MailTransport } from '../channels/email.ts';
import { webhook } from '../channels/webhook.ts';
import type { InhibitRule } from '../routing/inhibit.ts';
import type { Route } from '../routing/route.ts';
import type { AlertmanagerConfig } from './load-alertmanager-config.ts';
import type { RawDingtalk, RawEmail, RawSms, RawWebhook } from './raw-alertmanager.ts';
import { readTextFile } from './read-source.ts';

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

/** Where a piece of configuration stands, and what channels are built with. */
interface Context {
  readonly config: AlertmanagerConfig;
  readonly options: ReceiversFromConfigOptions;
  readonly path: string;
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
    const context = (key: string, number: number): Context => {
      return { config, options, path: `receivers[${index}].${key}[${number}]` };
    };
    const channels = [
      ...(receiver.webhook_configs ?? []).map((raw, n) => toWebhook(raw, context('webhook_configs', n))),
      ...(receiver.email_configs ?? []).map((raw, n) => toEmail(raw, context('email_configs', n))),
      ...(receiver.dingtalk_configs ?? []).map((raw, n) => toDingtalk(raw, context('dingtalk_configs', n))),
      ...(receiver.sms_configs ?? []).map((raw, n) => toSms(raw, context('sms_configs', n))),
    ];
    return [receiver.name, channels];
  });
  return { route: config.route, receivers: Object.fromEntries(receivers), inhibitRules: config.inhibitRules };
}

function toWebhook(raw: RawWebhook, context: Context): Channel {
  return webhook({
    ...httpOptions(context),
    url: secret(context, 'url', raw.url, raw.url_file),
    maxAlerts: raw.max_alerts ?? 0,
    resolved: resolved(raw.send_resolved, true),
  });
}

function toDingtalk(raw: RawDingtalk, context: Context): Channel {
  const isSigned = raw.secret !== undefined || raw.secret_file !== undefined;
  return dingtalk({
    ...httpOptions(context),
    webhookUrl: secret(context, 'url', raw.url, raw.url_file),
    ...(isSigned ? { secret: secret(context, 'secret', raw.secret, raw.secret_file) } : {}),
    ...(raw.keywords === undefined ? {} : { keywords: raw.keywords }),
    at: { mobiles: raw.at_mobiles ?? [], everybody: raw.at_all ?? false },
    ...(raw.per_minute === undefined ? {} : { perMinute: raw.per_minute }),
    resolved: resolved(raw.send_resolved, true),
  });
}

function toSms(raw: RawSms, context: Context): Channel {
  return aliyunSms({
    ...httpOptions(context),
    accessKeyId: secret(context, 'access_key_id', raw.access_key_id, raw.access_key_id_file),
    accessKeySecret: secret(context, 'access_key_secret', raw.access_key_secret, raw.access_key_secret_file),
    signName: raw.sign_name,
    templateCode: raw.template_code,
    phoneNumbers: raw.phone_numbers,
    ...(raw.endpoint === undefined ? {} : { endpoint: raw.endpoint }),
    resolved: resolved(raw.send_resolved, true),
  });
}

function toEmail(raw: RawEmail, context: Context): Channel {
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

/** Exactly one of the value and the file that holds it; a trailing line break of the file does not count. */
function secret(context: Context, key: string, inline: string | undefined, file: string | undefined): string {
  const { config, path } = context;
  if (inline !== undefined && file !== undefined) {
    const problem = `"${key}" and "${key}_file" are both given`;
    throw new ConfigError(config.source, [
      { code: 'contradiction', path: `${path}.${key}`, problem, remedy: 'keep one of them' },
    ]);
  }
  if (inline !== undefined) return inline;
  if (file !== undefined) return readTextFile(file, config.source, `${path}.${key}_file`).trim();
  throw missing(context, key, `set "${key}" or "${key}_file"`);
}

function missing({ config, path }: Context, key: string, remedy: string): ConfigError {
  return new ConfigError(config.source, [
    { code: 'missing-key', path: `${path}.${key}`, problem: `${key} is missing`, remedy },
  ]);
}

function resolved(sendResolved: boolean | undefined, byDefault: boolean): 'notify' | 'silent' {
  return (sendResolved ?? byDefault) ? 'notify' : 'silent';
}

function httpOptions({ options }: Context): Pick<ReceiversFromConfigOptions, 'fetch' | 'clock'> {
  const { fetch, clock } = options;
  return { ...(fetch === undefined ? {} : { fetch }), ...(clock === undefined ? {} : { clock }) };
}
