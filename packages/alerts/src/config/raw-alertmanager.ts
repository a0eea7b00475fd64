import type { RawTimeIntervals } from './time-interval-schema.ts';

type Maybe<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** An `alertmanager.yml` as written, durations in milliseconds. */
export interface RawAlertmanager extends Maybe<{
  global: RawGlobal;
  inhibit_rules: RawInhibitRule[];
  time_intervals: RawTimeIntervals[];
  mute_time_intervals: RawTimeIntervals[];
}> {
  readonly route: RawRoute;
  readonly receivers: RawReceiver[];
}

/** Defaults for the receivers. */
export type RawGlobal = Maybe<{
  resolve_timeout: number;
  smtp_from: string;
  smtp_smarthost: string;
  smtp_auth_username: string;
  smtp_auth_password: string;
  smtp_auth_password_file: string;
  smtp_require_tls: boolean;
  slack_api_url: string;
  slack_api_url_file: string;
  pagerduty_url: string;
}>;

/** A node of the route tree. */
export type RawRoute = Maybe<{
  receiver: string;
  group_by: string[];
  group_wait: number;
  group_interval: number;
  repeat_interval: number;
  matchers: string[];
  match: Record<string, string>;
  match_re: Record<string, string>;
  continue: boolean;
  mute_time_intervals: string[];
  active_time_intervals: string[];
  routes: RawRoute[];
}>;

/** While the source fires, the target is not told. */
export type RawInhibitRule = Maybe<{
  equal: string[];
  source_matchers: string[];
  target_matchers: string[];
  source_match: Record<string, string>;
  source_match_re: Record<string, string>;
  target_match: Record<string, string>;
  target_match_re: Record<string, string>;
}>;

/** A receiver with the channels it has. */
export interface RawReceiver extends Maybe<{
  webhook_configs: RawWebhook[];
  email_configs: RawEmail[];
  dingtalk_configs: RawDingtalk[];
  feishu_configs: RawFeishu[];
  wecom_configs: RawWecom[];
  slack_configs: RawSlack[];
  pagerduty_configs: RawPagerduty[];
  sms_configs: RawSms[];
}> {
  readonly name: string;
}

export type RawWebhook = Maybe<{ send_resolved: boolean; url: string; url_file: string; max_alerts: number }>;

export interface RawEmail extends Maybe<{
  send_resolved: boolean;
  from: string;
  smarthost: string;
  auth_username: string;
  auth_password: string;
  auth_password_file: string;
  require_tls: boolean;
}> {
  /** Addresses, separated by commas. */
  readonly to: string;
}

type RawRobot = {
  send_resolved: boolean;
  url: string;
  url_file: string;
  secret: string;
  secret_file: string;
  keywords: string[];
};

export type RawDingtalk = Maybe<
  RawRobot & {
    format: 'markdown' | 'text' | 'actionCard';
    at_mobiles: string[];
    at_all: boolean;
    per_minute: number;
  }
>;

export type RawFeishu = Maybe<RawRobot & { format: 'card' | 'text'; at: string[] }>;

export type RawWecom = Maybe<{
  send_resolved: boolean;
  url: string;
  url_file: string;
  format: 'markdown' | 'text';
  at_mobiles: string[];
  per_minute: number;
}>;

export type RawSlack = Maybe<{
  send_resolved: boolean;
  api_url: string;
  api_url_file: string;
  /** A webhook has its channel; the key is read because Alertmanager has it. */
  channel: string;
}>;

export type RawPagerduty = Maybe<{
  send_resolved: boolean;
  routing_key: string;
  routing_key_file: string;
  url: string;
}>;

/** The keys of the three providers; which are needed depends on the provider. */
export interface RawSms extends Maybe<{
  send_resolved: boolean;
  provider: 'aliyun' | 'tencent' | 'twilio';
  daily_budget: number;
  max_variable_length: number;
  endpoint: string;
  access_key_id: string;
  access_key_id_file: string;
  access_key_secret: string;
  access_key_secret_file: string;
  sign_name: string;
  template_code: string;
  secret_id: string;
  secret_id_file: string;
  secret_key: string;
  secret_key_file: string;
  sdk_app_id: string;
  template_id: string;
  region: string;
  account_sid: string;
  auth_token: string;
  auth_token_file: string;
  from: string;
}> {
  readonly phone_numbers: string[];
}
