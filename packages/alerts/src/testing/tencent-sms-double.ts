import { createHash, createHmac, type BinaryLike } from 'node:crypto';
import type { Clock } from '@tidewatch/core';
import type { DoubleRequest } from './http-double.ts';
import { bodyOf, startServiceDouble, type ServiceDouble } from './service-double.ts';

export interface TencentSmsDoubleOptions {
  readonly secretId: string;
  readonly secretKey: string;
  /** Numbers that have had their share of the half minute. */
  readonly limited?: readonly string[];
  readonly clock?: Clock;
}

/** A message that Tencent Cloud took for one number. */
export interface TencentSms {
  readonly phoneNumber: string;
  readonly params: readonly string[];
}

/** Tencent Cloud's SendSms on this machine. It recomputes the signature and shares no code with the channel. */
export async function startTencentSmsDouble(
  options: TencentSmsDoubleOptions,
): Promise<ServiceDouble<TencentSms>> {
  const { limited = [], clock } = options;
  let serial = 0;
  return await startServiceDouble<TencentSms>((request, nowMs) => {
    const problem = signatureProblem(request, options, nowMs);
    const refuse = (code: string): { refuse: string; status: number; answer: object } => ({
      refuse: code,
      status: 200,
      answer: { Response: { Error: { Code: code, Message: 'refused' }, RequestId: String(++serial) } },
    });
    if (problem !== undefined) return refuse(problem);
    const body = bodyOf(request) as {
      PhoneNumberSet?: string[];
      TemplateParamSet?: string[];
      SmsSdkAppId?: string;
      SessionContext?: string;
    };
    const [phoneNumber = ''] = body.PhoneNumberSet ?? [];
    const params = body.TemplateParamSet ?? [];
    if (body.SmsSdkAppId !== '1400000000') return refuse('InvalidParameterValue.SdkAppIdNotExist');
    if (Buffer.byteLength(body.SessionContext ?? '') >= 512) return refuse('InvalidParameter');
    const code = codeOf(phoneNumber, params, limited);
    const status = {
      SerialNo: code === 'Ok' ? `serial-${++serial}` : '',
      PhoneNumber: phoneNumber,
      Fee: 1,
      Code: code,
      Message: '',
    };
    const answer = { Response: { SendStatusSet: [status], RequestId: String(serial) } };
    return code === 'Ok'
      ? { accept: { phoneNumber, params }, answer }
      : { refuse: code, status: 200, answer };
  }, clock);
}

function codeOf(phoneNumber: string, params: readonly string[], limited: readonly string[]): string {
  if (!/^\+\d{5,20}$/.test(phoneNumber)) return 'InvalidParameterValue.IncorrectPhoneNumber';
  if (limited.includes(phoneNumber)) return 'LimitExceeded.PhoneNumberThirtySecondLimit';
  return params.some((param) => Array.from(param).length > 20)
    ? 'InvalidParameterValue.TemplateParameterLengthLimit'
    : 'Ok';
}

function signatureProblem(
  { headers, body, url, method }: DoubleRequest,
  options: TencentSmsDoubleOptions,
  nowMs: number,
): string | undefined {
  if (headers['x-tc-action'] !== 'SendSms' || headers['x-tc-version'] !== '2021-01-11')
    return 'InvalidAction';
  if (headers['x-tc-region'] === undefined) return 'MissingParameter';
  const timestamp = Number(headers['x-tc-timestamp']);
  if (!(Math.abs(nowMs / 1000 - timestamp) <= 300)) return 'AuthFailure.SignatureExpire';
  const match =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/sms\/tc3_request, SignedHeaders=([a-z;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (match === null) return 'AuthFailure.InvalidAuthorization';
  const [, id, date = '', names = '', signature] = match;
  if (id !== options.secretId) return 'AuthFailure.SecretIdNotFound';
  if (date !== new Date(timestamp * 1000).toISOString().slice(0, 10)) return 'AuthFailure.SignatureFailure';
  if (!names.split(';').includes('content-type') || !names.split(';').includes('host'))
    return 'AuthFailure.SignatureFailure';
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim().toLowerCase()}\n`);
  const canonical = `${method}\n${url.pathname}\n\n${lines.join('')}\n${names}\n${hash(body)}`;
  const text = `TC3-HMAC-SHA256\n${timestamp}\n${date}/sms/tc3_request\n${hash(canonical)}`;
  const key = mac(mac(mac(`TC3${options.secretKey}`, date), 'sms'), 'tc3_request');
  return mac(key, text).toString('hex') === signature ? undefined : 'AuthFailure.SignatureFailure';
}

function mac(key: BinaryLike, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

function hash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
