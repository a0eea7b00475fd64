import { createHash, createHmac } from 'node:crypto';

/** What a signed request to Tencent Cloud consists of. */
export interface Tc3Request {
  readonly host: string;
  /** `sms`; part of the scope of the signature. */
  readonly service: string;
  readonly body: string;
  readonly secretId: string;
  readonly secretKey: string;
  /** Seconds since the Unix epoch; Tencent Cloud takes 5 minutes of difference. */
  readonly timestampSeconds: number;
}

const CONTENT_TYPE = 'application/json';
const SIGNED = 'content-type;host';

/**
 * The headers `authorization` and `content-type` of a request signed with TC3-HMAC-SHA256.
 *
 * @see https://cloud.tencent.com/document/api/382/52072
 */
export function tc3Headers(request: Tc3Request): Record<string, string> {
  const { host, service, body, secretId, secretKey, timestampSeconds } = request;
  const date = new Date(timestampSeconds * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const headers = `content-type:${CONTENT_TYPE}\nhost:${host}\n`;
  const canonical = ['POST', '/', '', headers, SIGNED, sha256(body)].join('\n');
  const text = ['TC3-HMAC-SHA256', timestampSeconds, scope, sha256(canonical)].join('\n');
  const key = [date, service, 'tc3_request'].reduce<Buffer | string>(hmac, `TC3${secretKey}`);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return {
    'content-type': CONTENT_TYPE,
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${SIGNED}, Signature=${signature}`,
  };
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
