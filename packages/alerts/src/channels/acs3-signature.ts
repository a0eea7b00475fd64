import { createHash, createHmac } from 'node:crypto';

/** What a signed request to Aliyun consists of. */
export interface Acs3Request {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  /** Query parameters; the body is empty. */
  readonly query: Readonly<Record<string, string>>;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Milliseconds since the Unix epoch; Aliyun takes 15 minutes of difference. */
  readonly nowMs: number;
  /** Different in every request, the repeated ones as well. */
  readonly nonce: string;
}

const EMPTY_HASH = createHash('sha256').update('').digest('hex');

/**
 * The headers of a request signed with ACS3-HMAC-SHA256, `host` left out: the transport adds it.
 *
 * @see https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
 */
export function acs3Headers(request: Acs3Request): Record<string, string> {
  const { host, action, version, query, accessKeyId, accessKeySecret, nowMs, nonce } = request;
  const headers: Record<string, string> = {
    'x-acs-action': action,
    'x-acs-content-sha256': EMPTY_HASH,
    'x-acs-date': `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  };
  const signed = Object.entries({ host, ...headers }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    'POST',
    '/',
    canonicalQuery(query),
    signed.map(([name, value]) => `${name}:${value.trim()}\n`).join(''),
    names,
    EMPTY_HASH,
  ].join('\n');
  const text = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signature = createHmac('sha256', accessKeySecret).update(text).digest('hex');
  return {
    ...headers,
    authorization: `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`,
  };
}

/** Sorted by name, and encoded as RFC 3986 wants it: encodeURIComponent leaves `!'()*` as they are. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.keys(query)
    .toSorted()
    .map((name) => `${encode(name)}=${encode(query[name] ?? '')}`)
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
