import { z } from 'zod';
import type { RawAlertmanager, RawRoute } from './raw-alertmanager.ts';
import { durationMs, flag, name, wholeNumber } from './scalars.ts';
import { timeIntervals } from './time-interval-schema.ts';

const texts = z.array(z.string());
const labels = z.record(z.string(), z.string());

const routeFields = {
  receiver: name.optional(),
  group_by: texts.optional(),
  group_wait: durationMs.optional(),
  group_interval: durationMs.optional(),
  repeat_interval: durationMs.optional(),
  matchers: texts.optional(),
  match: labels.optional(),
  match_re: labels.optional(),
  continue: flag.optional(),
  mute_time_intervals: texts.optional(),
  active_time_intervals: texts.optional(),
};

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

const robotFields = {
  ...secretFields,
  secret: name.optional(),
  secret_file: name.optional(),
  keywords: texts.optional(),
};

const dingtalkConfig = z.strictObject({
  ...robotFields,
  format: z.enum(['markdown', 'text', 'actionCard']).optional(),
  at_mobiles: texts.optional(),
  at_all: flag.optional(),
  per_minute: wholeNumber.optional(),
});

const feishuConfig = z.strictObject({
  ...robotFields,
  format: z.enum(['card', 'text']).optional(),
  at: texts.optional(),
});

const wecomConfig = z.strictObject({
  ...secretFields,
  format: z.enum(['markdown', 'text']).optional(),
  at_mobiles: texts.optional(),
  per_minute: wholeNumber.optional(),
});

const slackConfig = z.strictObject({
  send_resolved: flag.optional(),
  api_url: name.optional(),
  api_url_file: name.optional(),
  channel: z.string().optional(),
});

const pagerdutyConfig = z.strictObject({
  send_resolved: flag.optional(),
  routing_key: name.optional(),
  routing_key_file: name.optional(),
  url: name.optional(),
});

const smsFields = {
  send_resolved: flag.optional(),
  phone_numbers: texts,
  daily_budget: wholeNumber.optional(),
  endpoint: name.optional(),
};

const aliyunConfig = {
  access_key_id: name.optional(),
  access_key_id_file: name.optional(),
  access_key_secret: name.optional(),
  access_key_secret_file: name.optional(),
  sign_name: name.optional(),
  template_code: name.optional(),
};

const tencentConfig = {
  secret_id: name.optional(),
  secret_id_file: name.optional(),
  secret_key: name.optional(),
  secret_key_file: name.optional(),
  sdk_app_id: name.optional(),
  template_id: name.optional(),
  region: name.optional(),
};

const twilioConfig = {
  account_sid: name.optional(),
  auth_token: name.optional(),
  auth_token_file: name.optional(),
  from: name.optional(),
};

/** One object for the three providers, so that a misspelt key is held against all of them. */
const smsConfig = z.strictObject({
  ...smsFields,
  ...aliyunConfig,
  ...tencentConfig,
  ...twilioConfig,
  max_variable_length: wholeNumber.optional(),
  provider: z.enum(['aliyun', 'tencent', 'twilio']).optional(),
});

const globalSettings = z.strictObject({
  resolve_timeout: durationMs.optional(),
  smtp_from: name.optional(),
  smtp_smarthost: name.optional(),
  smtp_auth_username: name.optional(),
  smtp_auth_password: name.optional(),
  smtp_auth_password_file: name.optional(),
  smtp_require_tls: flag.optional(),
  slack_api_url: name.optional(),
  slack_api_url_file: name.optional(),
  pagerduty_url: name.optional(),
});

const receiver = z.strictObject({
  name,
  webhook_configs: z.array(webhookConfig).optional(),
  email_configs: z.array(emailConfig).optional(),
  dingtalk_configs: z.array(dingtalkConfig).optional(),
  feishu_configs: z.array(feishuConfig).optional(),
  wecom_configs: z.array(wecomConfig).optional(),
  slack_configs: z.array(slackConfig).optional(),
  pagerduty_configs: z.array(pagerdutyConfig).optional(),
  sms_configs: z.array(smsConfig).optional(),
});

const inhibitRule = z.strictObject({
  source_matchers: texts.optional(),
  target_matchers: texts.optional(),
  source_match: labels.optional(),
  source_match_re: labels.optional(),
  target_match: labels.optional(),
  target_match_re: labels.optional(),
  equal: texts.optional(),
});

/** The part of Alertmanager's file that is read here, with keys of our own added: `dingtalk_configs`, `feishu_configs`,
 * `wecom_configs` and `sms_configs`. */
export const alertmanagerSchema: z.ZodType<RawAlertmanager> = z.strictObject({
  global: globalSettings.optional(),
  route,
  receivers: z.array(receiver),
  inhibit_rules: z.array(inhibitRule).optional(),
  time_intervals: z.array(timeIntervals).optional(),
  mute_time_intervals: z.array(timeIntervals).optional(),
});
