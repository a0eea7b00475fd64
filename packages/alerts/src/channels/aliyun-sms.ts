import { randomUUID } from 'node:crypto';
import { ConfigError, systemClock, type Clock } from '@tidewatch/core';
import { renderSms } from '../messages/render-sms.ts';
import { acs3Headers, canonicalQuery } from './acs3-signature.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { judgeAliyunAnswer } from './judge-aliyun-answer.ts';
import { isAnswer, post } from './post.ts';

export interface AliyunSmsOptions {
  readonly accessKeyId: string;
  /** Secret: never logged, never put in an error. */
  readonly accessKeySecret: string;
  /** The approved signature, without brackets. */
  readonly signName: string;
  /** The approved template, such as `SMS_000000000`. */
  readonly templateCode: string;
  /** At most 1000. Personal data: never logged, never put in an error. */
  readonly phoneNumbers: readonly string[];
  /** Fills the template's variables. @defaultValue `{ status, name, value }`, each at most 20 characters */
  readonly templateParams?: (notification: Notification) => Readonly<Record<string, string>>;
  /** @defaultValue 'https://dysmsapi.aliyuncs.com' */
  readonly endpoint?: string;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue 'sms' */
  readonly name?: string;
  readonly resolved?: 'notify' | 'silent';
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
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
  const { accessKeyId, accessKeySecret, signName, templateCode, phoneNumbers, timeoutMs = 10_000 } = options;
  const { endpoint = 'https://dysmsapi.aliyuncs.com', name = 'sms', resolved = 'notify' } = options;
  const {
    templateParams = renderSms,
    fetch = globalThis.fetch,
    clock = systemClock,
    nonce = randomUUID,
  } = options;
  checkUrl(endpoint, name);
  checkTexts(options, name);
  const { host, origin } = new URL(endpoint);
  return {
    name,
    resolved,
    async send(notification, signal) {
      const nowMs = clock.now();
      const query = {
        PhoneNumbers: phoneNumbers.join(','),
        SignName: signName,
        TemplateCode: templateCode,
        TemplateParam: JSON.stringify(templateParams(notification)),
        // Echoed in receipts; Aliyun does not fold duplicates by it.
        OutId: notification.id.slice(0, 255),
      };
      const headers = acs3Headers({
        host,
        action: 'SendSms',
        version: '2017-05-25',
        query,
        accessKeyId,
        accessKeySecret,
        nowMs,
        nonce: nonce(),
      });
      const answer = await post(`${origin}/?${canonicalQuery(query)}`, {
        fetch,
        headers,
        body: '',
        timeoutMs,
        nowMs,
        signal,
      });
      return isAnswer(answer) ? judgeAliyunAnswer(answer.status, answer.body, nowMs) : answer;
    },
  };
}

function checkTexts(options: AliyunSmsOptions, name: string): void {
  const keys = ['accessKeyId', 'accessKeySecret', 'signName', 'templateCode'] as const;
  const missing: string | undefined = keys.find((key) => options[key] === '');
  const count = options.phoneNumbers.length;
  if (missing === undefined && count >= 1 && count <= 1000) return;
  const path = missing ?? 'phoneNumbers';
  const problem =
    missing === undefined ? `expected 1 to 1000 phone numbers, got ${count}` : 'must not be empty';
  throw new ConfigError(`channel ${name}`, [{ code: 'out-of-range', path, problem }]);
}
