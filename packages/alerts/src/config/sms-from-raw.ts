import { aliyunSms } from '../channels/aliyun-sms.ts';
import type { Channel } from '../channels/channel.ts';
import type { SmsOptions } from '../channels/sms-channel.ts';
import { tencentSms } from '../channels/tencent-sms.ts';
import { twilioSms } from '../channels/twilio-sms.ts';
import { httpOptions, required, resolved, secret, type ConfigContext } from './config-context.ts';
import type { RawSms } from './raw-alertmanager.ts';

/**
 * One entry of `sms_configs`.
 *
 * @throws {@link ConfigError} when a key that its provider needs is missing.
 */
export function smsFromRaw(raw: RawSms, context: ConfigContext): Channel {
  const { daily_budget: dailyBudget, endpoint } = raw;
  const common: SmsOptions & { readonly endpoint?: string } = {
    ...httpOptions(context),
    phoneNumbers: raw.phone_numbers,
    ...(dailyBudget === undefined ? {} : { dailyBudget }),
    ...(endpoint === undefined ? {} : { endpoint }),
    resolved: resolved(raw.send_resolved, true),
  };
  return providers[raw.provider ?? 'aliyun'](raw, context, common);
}

type Provider = (raw: RawSms, context: ConfigContext, common: SmsOptions) => Channel;

const providers: Readonly<Record<NonNullable<RawSms['provider']>, Provider>> = {
  aliyun: (raw, context, common) =>
    aliyunSms({
      ...common,
      ...fitting(raw),
      accessKeyId: secret(context, 'access_key_id', raw.access_key_id, raw.access_key_id_file),
      accessKeySecret: secret(
        context,
        'access_key_secret',
        raw.access_key_secret,
        raw.access_key_secret_file,
      ),
      signName: required(context, 'sign_name', raw.sign_name),
      templateCode: required(context, 'template_code', raw.template_code),
    }),
  tencent: (raw, context, common) =>
    tencentSms({
      ...common,
      ...fitting(raw),
      secretId: secret(context, 'secret_id', raw.secret_id, raw.secret_id_file),
      secretKey: secret(context, 'secret_key', raw.secret_key, raw.secret_key_file),
      sdkAppId: required(context, 'sdk_app_id', raw.sdk_app_id),
      signName: required(context, 'sign_name', raw.sign_name),
      templateId: required(context, 'template_id', raw.template_id),
      ...(raw.region === undefined ? {} : { region: raw.region }),
    }),
  twilio: (raw, context, common) =>
    twilioSms({
      ...common,
      accountSid: required(context, 'account_sid', raw.account_sid),
      authToken: secret(context, 'auth_token', raw.auth_token, raw.auth_token_file),
      from: required(context, 'from', raw.from),
    }),
};

function fitting({ max_variable_length: maxVariableLength }: RawSms): { maxVariableLength?: number } {
  return maxVariableLength === undefined ? {} : { maxVariableLength };
}
