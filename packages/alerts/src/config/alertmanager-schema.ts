import { z } from 'zod';
import { durationMs, flag, name, wholeNumber } from './scalars.ts';

const texts = z.array(z.string());

/** Keys of Alertmanager 0.34 that are understood there and not here yet. */
export const notSupportedYet: ReadonlySet<string> = new Set([
  ...[
    'templates',
    'time_intervals',
    'mute_time_intervals',
    'active_time_intervals',
    'tracing',
    'match',
    'match_re',
  ],
  ...[
    'source_match',
    'source_match_re',
    'target_match',
    'target_match_re',
    'http_config',
    'tls_config',
    'headers',
  ],
  ...[
    'html',
    'text',
    'hello',
    'auth_secret',
    'auth_identity',
    'threading',
    'http_headers',
    'timeout',
    'labels',
  ],
  ...['slack_configs', 'pagerduty_configs', 'opsgenie_configs', 'victorops_configs', 'pushover_configs'],
  ...[
    'wechat_configs',
    'sns_configs',
    'telegram_configs',
    'webex_configs',
    'msteams_configs',
    'msteamsv2_configs',
  ],
  ...['discord_configs', 'jira_configs', 'rocketchat_configs', 'mattermost_configs', 'incidentio_configs'],
  ...[
    'feishu_configs',
    'wecom_configs',
    'smtp_hello',
    'smtp_auth_secret',
    'smtp_auth_identity',
    'smtp_tls_config',
  ],
  ...['slack_api_url', 'slack_api_url_file', 'pagerduty_url', 'opsgenie_api_key', 'opsgenie_api_url'],
  ...['wechat_api_url', 'wechat_api_secret', 'telegram_api_url'],
]);

const routeFields = {
  receiver: name.optional(),
  group_by: texts.optional(),
  group_wait: durationMs.optional(),
  group_interval: durationMs.optional(),
  repeat_interval: durationMs.optional(),
  matchers: texts.optional(),
  continue: flag.optional(),
};

/** A node of the route tree as written. */
export interface RawRoute {
  readonly receiver?: string | undefined;
  readonly group_by?: string[] | undefined;
  readonly group_wait?: number | undefined;
  readonly group_interval?: number | undefined;
  readonly repeat_interval?: number | undefined;
  readonly matchers?: string[] | undefined;
  readonly continue?: boolean | undefined;
  readonly routes?: RawRoute[] | undefined;
}

const route: z.ZodType<RawRoute> = z.strictObject({
  ...routeFields,
  routes: z.lazy(() => z.array(route)).optional(),
});

const secretFields = { url: name.optional(), url_file: name.optional(), send_resolved: flag.optional() };

const webhookConfig = z.strictObject({ ...secretFields, max_alerts: wholeNumber.optional() });

const emailConfig = z.strictObject({
  send_resolved: flag.optional(),
  to: name,
  from: name.optional(),
  smarthost: name.optional(),
  auth_username: name.optional(),
  auth_password: name.optional(),
  auth_password_file: name.optional(),
  require_tls: flag.optional(),
});

const dingtalkConfig = z.strictObject({
  ...secretFields,
  secret: name.optional(),
  secret_file: name.optional(),
  keywords: texts.optional(),
  at_mobiles: texts.optional(),
  at_all: flag.optional(),
  per_minute: wholeNumber.optional(),
});

const smsConfig = z.strictObject({
  send_resolved: flag.optional(),
  provider: z.literal('aliyun').optional(),
  access_key_id: name.optional(),
  access_key_id_file: name.optional(),
  access_key_secret: name.optional(),
  access_key_secret_file: name.optional(),
  sign_name: name,
  template_code: name,
  phone_numbers: texts,
  endpoint: name.optional(),
});

const globalSettings = z.strictObject({
  resolve_timeout: durationMs.optional(),
  smtp_from: name.optional(),
  smtp_smarthost: name.optional(),
  smtp_auth_username: name.optional(),
  smtp_auth_password: name.optional(),
  smtp_auth_password_file: name.optional(),
  smtp_require_tls: flag.optional(),
});

const receiver = z.strictObject({
  name,
  webhook_configs: z.array(webhookConfig).optional(),
  email_configs: z.array(emailConfig).optional(),
  dingtalk_configs: z.array(dingtalkConfig).optional(),
  sms_configs: z.array(smsConfig).optional(),
});

const inhibitRule = z.strictObject({
  source_matchers: texts,
  target_matchers: texts,
  equal: texts.optional(),
});

export type RawGlobal = z.infer<typeof globalSettings>;
export type RawReceiver = z.infer<typeof receiver>;

/** An `alertmanager.yml` as written. */
export interface RawAlertmanager {
  readonly global?: RawGlobal | undefined;
  readonly route: RawRoute;
  readonly receivers: RawReceiver[];
  readonly inhibit_rules?: z.infer<typeof inhibitRule>[] | undefined;
}

/** The part of Alertmanager's file that is read here, with `dingtalk_configs` and `sms_configs` added. */
export const alertmanagerSchema: z.ZodType<RawAlertmanager> = z.strictObject({
  global: globalSettings.optional(),
  route,
  receivers: z.array(receiver),
  inhibit_rules: z.array(inhibitRule).optional(),
});
