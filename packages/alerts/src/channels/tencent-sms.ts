import { renderSms } from '../messages/render-sms.ts';
import { answerJson } from './answer-json.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { judgeTencentAnswer, tencentErrorCode } from './judge-tencent-answer.ts';
import { checkTexts, smsChannel, type SmsOptions } from './sms-channel.ts';
import { tc3Headers } from './tc3-signature.ts';

export interface TencentSmsOptions extends SmsOptions {
  /** Names the key that requests are signed with. */
  readonly secretId: string;
  /** Secret: never logged, never put in an error. */
  readonly secretKey: string;
  /** The application, such as `1400000000`. */
  readonly sdkAppId: string;
  /** The approved signature, without brackets. */
  readonly signName: string;
  /** The approved template, such as `100000`. */
  readonly templateId: string;
  /** Fills the template's variables `{1}`, `{2}` … @defaultValue `[status, name, value]` */
  readonly templateParams?: (notification: Notification) => readonly string[];
  /** Longest value of a variable, in characters. @defaultValue 20 */
  readonly maxVariableLength?: number;
  /** Region of the application. @defaultValue 'ap-guangzhou' */
  readonly region?: string;
  /** Address of the service, for another region. @defaultValue 'https://sms.tencentcloudapi.com' */
  readonly endpoint?: string;
}

/**
 * SMS through Tencent Cloud (SendSms, 2021-01-11), signed here. Numbers are written `+8610000000000`.
 *
 * @throws {@link ConfigError} for an empty credential, application, signature, template or list of numbers.
 * @see https://cloud.tencent.com/document/api/382/55981
 */
export function tencentSms(options: TencentSmsOptions): Channel {
  const { secretId, secretKey, sdkAppId, signName, templateId, name = 'sms' } = options;
  const {
    endpoint = 'https://sms.tencentcloudapi.com',
    region = 'ap-guangzhou',
    maxVariableLength = 20,
  } = options;
  const { templateParams = (notification) => Object.values(renderSms(notification, maxVariableLength)) } =
    options;
  checkUrl(endpoint, name);
  checkTexts({ secretId, secretKey, sdkAppId, signName, templateId }, name);
  const { host, origin } = new URL(endpoint);
  return smsChannel(options, {
    name,
    url: endpoint,
    compose(notification, phoneNumber, nowMs) {
      const body = JSON.stringify({
        SmsSdkAppId: sdkAppId,
        SignName: signName,
        TemplateId: templateId,
        TemplateParamSet: templateParams(notification),
        PhoneNumberSet: [phoneNumber],
        // Echoed in receipts, less than 512 bytes; duplicates are not folded by it.
        SessionContext: notification.id.slice(0, 255),
      });
      const timestampSeconds = Math.floor(nowMs / 1000);
      const headers = {
        ...tc3Headers({ host, service: 'sms', body, secretId, secretKey, timestampSeconds }),
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-region': region,
        'x-tc-timestamp': String(timestampSeconds),
      };
      return { url: `${origin}/`, headers, body };
    },
    judge: judgeTencentAnswer,
    refusesTime: ({ body }) => tencentErrorCode(answerJson(body)) === 'AuthFailure.SignatureExpire',
  });
}
