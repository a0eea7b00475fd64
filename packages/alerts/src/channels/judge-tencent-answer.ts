import type { Outcome } from '../delivery/outcome.ts';
import { answerJson } from './answer-json.ts';
import { outcomeOfStatus, type Answer } from './post.ts';

/** By the beginning of the code. */
const HINTS: readonly (readonly [prefix: string, hint: string])[] = [
  [
    'AuthFailure.SignatureExpire',
    "the clock of this machine differs from Tencent Cloud's by more than 5 minutes",
  ],
  ['AuthFailure.SecretIdNotFound', 'the option "secretId" is unknown'],
  ['AuthFailure', 'the options "secretId" and "secretKey" do not fit'],
  ['UnauthorizedOperation', 'the account may not send SMS, or not from this address'],
  ['FailedOperation.InsufficientBalanceInSmsPackage', 'the account has no messages left'],
  ['FailedOperation.SignatureIncorrectOrUnapproved', 'the SMS signature (signName) is not approved'],
  ['FailedOperation.TemplateIncorrectOrUnapproved', 'the template (templateId) is not approved'],
  [
    'FailedOperation.TemplateParamSetNotMatchApprovedTemplate',
    'the template has other variables: set the option "templateParams"',
  ],
  ['FailedOperation.TemplateUnapprovedOrNotExist', 'the template (templateId) is not approved'],
  ['FailedOperation.PhoneNumberInBlacklist', 'a number has refused messages'],
  ['InvalidParameterValue.SdkAppIdNotExist', 'the option "sdkAppId" is unknown'],
  ['InvalidParameterValue.IncorrectPhoneNumber', 'a phone number is not valid: write it as +8610000000000'],
  ['UnsupportedOperation', 'the number is of a country that this application does not send to'],
];
const CONTENT = new Set([
  'FailedOperation.ContainSensitiveWord',
  'InvalidParameterValue.TemplateParameterLengthLimit',
  'InvalidParameterValue.TemplateParameterFormatError',
  'InvalidParameterValue.ContentLengthLimit',
  'FailedOperation.FailResolvePacket',
]);

/**
 * Judges Tencent Cloud's answer for one number. Errors of the request and of the number both come with HTTP 200;
 * only the code `Ok` of the number is a success.
 */
export function judgeTencentAnswer(answer: Answer, nowMs: number): Outcome {
  const refused = outcomeOfStatus(answer, nowMs);
  if (refused !== undefined) return refused;
  const json = answerJson(answer.body);
  const failed = tencentErrorCode(json);
  if (failed !== undefined) return judgeCode(failed, nowMs);
  const { SendStatusSet: statuses } = (json?.['Response'] ?? {}) as { SendStatusSet?: unknown };
  const [status] = Array.isArray(statuses) ? (statuses as { Code?: unknown; SerialNo?: unknown }[]) : [];
  if (typeof status?.Code !== 'string')
    return { status: 'ambiguous', detail: 'the answer has no status of the number' };
  if (status.Code !== 'Ok') return judgeCode(status.Code, nowMs);
  return { status: 'sent', ...(typeof status.SerialNo === 'string' ? { receipt: status.SerialNo } : {}) };
}

/** The code by which the whole request was refused. */
export function tencentErrorCode(json: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { Error: error } = (json?.['Response'] ?? {}) as { Error?: { Code?: unknown } };
  return typeof error?.Code === 'string' ? error.Code : undefined;
}

function judgeCode(code: string, nowMs: number): Outcome {
  const detail = code.slice(0, 100);
  if (code === 'LimitExceeded.PhoneNumberThirtySecondLimit')
    return { status: 'throttled', detail, untilMs: nowMs + 30_000 };
  if (code.startsWith('RequestLimitExceeded'))
    return { status: 'throttled', detail, untilMs: nowMs + 10_000 };
  if (code.startsWith('LimitExceeded')) return { status: 'throttled', detail, untilMs: nowMs + 3_600_000 };
  if (CONTENT.has(code)) return { status: 'rejectedContent', detail };
  const hint = HINTS.find(([prefix]) => code.startsWith(prefix))?.[1];
  return hint === undefined
    ? { status: 'retryable', detail }
    : { status: 'misconfigured', hint: `${detail}: ${hint}` };
}
