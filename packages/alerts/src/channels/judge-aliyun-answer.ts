import type { Outcome } from '../delivery/outcome.ts';
import { answerJson } from './answer-json.ts';

const HINTS: Readonly<Record<string, string>> = {
  'isv.SMS_SIGNATURE_ILLEGAL': 'the SMS signature (signName) is not approved for this account',
  'isv.SMS_SIGN_ILLEGAL': 'the SMS signature (signName) is not approved for this account',
  'isv.SMS_TEMPLATE_ILLEGAL': 'the template (templateCode) is not approved for this account',
  'isv.TEMPLATE_MISSING_PARAMETERS':
    'the template has variables that are not filled: set the option "templateParams"',
  'isv.TEMPLATE_PARAMS_ILLEGAL': 'the template refuses a variable: set the option "templateParams"',
  'isv.MOBILE_NUMBER_ILLEGAL': 'one of the phone numbers is not valid',
  'isv.INVALID_PARAMETERS': 'Aliyun refuses the parameters: check signName, templateCode and templateParams',
  'isv.AMOUNT_NOT_ENOUGH': 'the account has no balance left',
  'isv.OUT_OF_SERVICE': 'the SMS service of the account is stopped',
  'isv.PRODUCT_UN_SUBSCRIPT': 'the account has not opened the SMS service',
  InvalidAccessKeyId: 'the access key id is unknown',
  'InvalidAccessKeyId.NotFound': 'the access key id is unknown',
  SignatureDoesNotMatch: 'the access key secret does not match the id',
  'InvalidTimeStamp.Expired': "the clock of this machine differs from Aliyun's by more than 15 minutes",
  Forbidden: 'the access key may not send SMS: grant AliyunDysmsFullAccess',
};

/**
 * Judges the body of Aliyun's SendSms answer. A business failure comes with HTTP 200; only `Code` "OK" is a success.
 *
 * @param body - The raw answer; its message is not repeated, because it may quote phone numbers.
 */
export function judgeAliyunAnswer(httpStatus: number, body: string, nowMs: number): Outcome {
  const { Code: code, BizId: receipt } = answerJson(body) ?? {};
  if (typeof code !== 'string') {
    const detail = `HTTP ${httpStatus} without a Code`;
    return httpStatus >= 200 && httpStatus < 300
      ? { status: 'ambiguous', detail }
      : { status: 'retryable', detail };
  }
  if (code === 'OK') return { status: 'sent', ...(typeof receipt === 'string' ? { receipt } : {}) };
  if (code === 'isv.BUSINESS_LIMIT_CONTROL') {
    return {
      status: 'throttled',
      detail: `${code}: too many messages to one number`,
      untilMs: nowMs + 60_000,
    };
  }
  if (code === 'isv.DAY_LIMIT_CONTROL')
    return { status: 'throttled', detail: code, untilMs: nowMs + 3_600_000 };
  if (code.startsWith('Throttling')) return { status: 'throttled', detail: code, untilMs: nowMs + 10_000 };
  if (
    code === 'isv.PARAM_LENGTH_LIMIT' ||
    code === 'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE' ||
    code === 'isv.BLACK_KEY_CONTROL_LIMIT' ||
    code === 'isv.PARAM_NOT_SUPPORT_URL'
  ) {
    return { status: 'rejectedContent', detail: code };
  }
  const hint = HINTS[code] ?? (code.startsWith('Forbidden') ? HINTS['Forbidden'] : undefined);
  if (hint !== undefined) return { status: 'misconfigured', hint: `${code}: ${hint}` };
  return { status: 'retryable', detail: code.slice(0, 100) };
}
