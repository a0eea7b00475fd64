import { randomUUID } from 'node:crypto';
import { renderSms } from '../messages/render-sms.ts';
import { acs3Headers, canonicalQuery } from './acs3-signature.ts';
import { answerJson } from './answer-json.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { judgeAliyunAnswer } from './judge-aliyun-answer.ts';
import { checkTexts, smsChannel, type SmsOptions } from './sms-channel.ts';

export interface AliyunSmsOptions extends SmsOptions {
  /** Names the key that requests are signed with. */
  readonly accessKeyId: string;
  /** Secret: never logged, never put in an error. */
  readonly accessKeySecret: string;
  /** The approved signature, without brackets. */
  readonly signName: string;
  /** The approved template, such as `SMS_000000000`. */
  readonly templateCode: string;
  /** Fills the template's variables. @defaultValue `{ status, name, value }` */
  readonly templateParams?: (notification: Notification) => Readonly<Record<string, string>>;
  /** Longest value of a variable, in characters: 20 or 35, by the kind of template. @defaultValue 20 */
  readonly maxVariableLength?: number;
  /** Address of the service, for another region. @defaultValue 'https://dysmsapi.aliyuncs.com' */
  readonly endpoint?: string;
  /** A text different in every request. @defaultValue crypto.randomUUID */
  readonly nonce?: () => string;
}

/**
 * SMS through Aliyun (Dysmsapi 2017-05-25, SendSms), signed here: the vendor's SDK is 33 MB and its errors quote
 * phone numbers.
 *
 * @throws {@link ConfigError} for an empty credential, signature, template or list of numbers.
 * @see https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
 */
export function aliyunSms(options: AliyunSmsOptions): Channel {
  const { accessKeyId, accessKeySecret, signName, templateCode, name = 'sms' } = options;
  const { endpoint = 'https://dysmsapi.aliyuncs.com', nonce = randomUUID, maxVariableLength = 20 } = options;
  const { templateParams = (notification) => renderSms(notification, maxVariableLength) } = options;
  checkUrl(endpoint, name);
  checkTexts({ accessKeyId, accessKeySecret, signName, templateCode }, name);
  const { host, origin } = new URL(endpoint);
  return smsChannel(options, {
    name,
    url: endpoint,
    compose(notification, phoneNumber, nowMs) {
      const query = {
        PhoneNumbers: phoneNumber,
        SignName: signName,
        TemplateCode: templateCode,
        TemplateParam: JSON.stringify(templateParams(notification)),
        // Echoed in receipts; Aliyun does not fold duplicates by it.
        OutId: notification.id.slice(0, 255),
      };
      const request = { host, action: 'SendSms', version: '2017-05-25', query, nowMs, nonce: nonce() };
      const headers = acs3Headers({ ...request, accessKeyId, accessKeySecret });
      return { url: `${origin}/?${canonicalQuery(query)}`, headers, body: '' };
    },
    judge: ({ status, body }, nowMs) => judgeAliyunAnswer(status, body, nowMs),
    refusesTime: ({ body }) => answerJson(body)?.['Code'] === 'InvalidTimeStamp.Expired',
  });
}
