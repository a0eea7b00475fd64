import { createHash, createHmac } from 'node:crypto';
import { systemClock, type Clock } from '@tidewatch/core';
import { startHttpDouble, type DoubleAnswer, type DoubleRequest } from './http-double.ts';

export interface AliyunSmsDoubleOptions {
  /** The key that requests must name. */
  readonly accessKeyId: string;
  /** The secret that requests must be signed with. */
  readonly accessKeySecret: string;
  /** When given, others are refused. */
  readonly signName?: string;
  /** When given, others are refused. */
  readonly templateCode?: string;
  /** Longest value of a template variable, in characters. @defaultValue 35 */
  readonly maxVariableLength?: number;
  readonly clock?: Clock;
}

/** A message that the service took. */
export interface ReceivedSms {
  readonly phoneNumbers: readonly string[];
  readonly signName: string;
  readonly templateCode: string;
  readonly templateParam: Readonly<Record<string, string>>;
  readonly outId: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** Aliyun's SendSms on this machine, refusing what the real one refuses, with its codes. */
export interface AliyunSmsDouble extends AsyncDisposable {
  /** What the option `endpoint` takes. */
  readonly url: string;
  readonly received: readonly ReceivedSms[];
  /** The reason is Aliyun's code. */
  readonly refused: readonly { readonly reason: string; readonly atMs: number }[];
  close(): Promise<void>;
}

const SKEW_MS = 15 * 60_000;
const REQUIRED_HEADERS = [
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
  'authorization',
];

/** Starts the double. It recomputes the signature from the request as received and shares no code with the channel. */
export async function startAliyunSmsDouble(options: AliyunSmsDoubleOptions): Promise<AliyunSmsDouble> {
  const { signName, templateCode, maxVariableLength = 35, clock = systemClock } = options;
  const received: ReceivedSms[] = [];
  const refused: { reason: string; atMs: number }[] = [];
  const nonces = new Set<string>();

  function refuse(reason: string, status = 200): DoubleAnswer {
    refused.push({ reason, atMs: clock.now() });
    return {
      status,
      body: JSON.stringify({
        Code: reason,
        Message: `refused: ${reason}`,
        RequestId: requestId(refused.length),
      }),
    };
  }

  function judge(request: DoubleRequest): DoubleAnswer {
    const problem = gatewayProblem(request, options, clock.now(), nonces);
    if (problem !== undefined) return refuse(problem, problem.startsWith('Missing') ? 400 : 403);
    const query = request.url.searchParams;
    const phoneNumbers = (query.get('PhoneNumbers') ?? '').split(',');
    if (!phoneNumbers.every((number) => /^\+?\d{5,20}$/.test(number)))
      return refuse('isv.MOBILE_NUMBER_ILLEGAL');
    if (!query.get('SignName') || (signName !== undefined && query.get('SignName') !== signName))
      return refuse('isv.SMS_SIGNATURE_ILLEGAL');
    if (
      !query.get('TemplateCode') ||
      (templateCode !== undefined && query.get('TemplateCode') !== templateCode)
    )
      return refuse('isv.SMS_TEMPLATE_ILLEGAL');
    const templateParam = readParams(query.get('TemplateParam') ?? '{}');
    if (templateParam === undefined) return refuse('isv.INVALID_JSON_PARAM');
    const values = Object.values(templateParam);
    if (values.some((value) => Array.from(value).length > maxVariableLength))
      return refuse('isv.PARAM_LENGTH_LIMIT');
    if (values.some((value) => /https?:\/\//.test(value))) return refuse('isv.PARAM_NOT_SUPPORT_URL');
    received.push({
      phoneNumbers,
      signName: query.get('SignName') ?? '',
      templateCode: query.get('TemplateCode') ?? '',
      templateParam,
      outId: query.get('OutId') ?? undefined,
      atMs: clock.now(),
    });
    const answer = {
      Code: 'OK',
      Message: 'OK',
      BizId: `${received.length}^0`,
      RequestId: requestId(received.length),
    };
    return { status: 200, body: JSON.stringify(answer) };
  }

  const server = await startHttpDouble(judge);
  const close = (): Promise<void> => server.close();
  return { url: server.origin, received, refused, close, [Symbol.asyncDispose]: close };
}

/** What Aliyun's gateway finds wrong before the SMS service sees the request. */
function gatewayProblem(
  request: DoubleRequest,
  options: AliyunSmsDoubleOptions,
  nowMs: number,
  nonces: Set<string>,
): string | undefined {
  const { headers, body } = request;
  for (const name of REQUIRED_HEADERS) if (headers[name] === undefined) return `Missing${name}`;
  if (headers['x-acs-action'] !== 'SendSms' || headers['x-acs-version'] !== '2017-05-25')
    return 'InvalidAction.NotFound';
  const date = Date.parse(String(headers['x-acs-date']));
  if (Number.isNaN(date) || Math.abs(nowMs - date) > SKEW_MS) return 'InvalidTimeStamp.Expired';
  const match = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? '',
  );
  if (match === null) return 'IncompleteSignature';
  const [, credential, signedHeaders = '', signature] = match;
  if (credential !== options.accessKeyId) return 'InvalidAccessKeyId.NotFound';
  if (sha256(body) !== headers['x-acs-content-sha256']) return 'SignatureDoesNotMatch';
  const mustSign = ['host', ...REQUIRED_HEADERS.filter((name) => name.startsWith('x-acs-'))];
  if (!mustSign.every((name) => signedHeaders.split(';').includes(name))) return 'SignatureDoesNotMatch';
  if (expectedSignature(request, signedHeaders, options.accessKeySecret) !== signature)
    return 'SignatureDoesNotMatch';
  const nonce = String(headers['x-acs-signature-nonce']);
  if (nonces.has(nonce)) return 'SignatureNonceUsed';
  nonces.add(nonce);
  return undefined;
}

function expectedSignature(
  { url, headers, body, method }: DoubleRequest,
  signedHeaders: string,
  secret: string,
): string {
  const pairs: string[] = [];
  for (const [name, value] of url.searchParams) pairs.push(`${percent(name)}=${percent(value)}`);
  pairs.sort();
  const lines = signedHeaders.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`);
  const canonical = `${method}\n${url.pathname}\n${pairs.join('&')}\n${lines.join('')}\n${signedHeaders}\n${sha256(body)}`;
  return createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
}

/** RFC 3986, byte by byte. */
function percent(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9\-_.~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

function readParams(json: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
  } catch {
    return undefined;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function requestId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
