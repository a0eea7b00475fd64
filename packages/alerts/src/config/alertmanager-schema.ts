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
  source_matchers: texts.optional(),
  target_matchers: texts.optional(),
  source_match: labels.optional(),
  source_match_re: labels.optional(),
  target_match: labels.optional(),
  target_match_re: labels.optional(),
  equal: texts.optional(),
});

/** The part of Alertmanager's file that is read here, with `dingtalk_configs` and `sms_configs` added. */
export const alertmanagerSchema: z.ZodType<RawAlertmanager> = z.strictObject({
  global: globalSettings.optional(),
  route,
  receivers: z.array(receiver),
  inhibit_rules: z.array(inhibitRule).optional(),
  time_intervals: z.array(timeIntervals).optional(),
  mute_time_intervals: z.array(timeIntervals).optional(),
});
