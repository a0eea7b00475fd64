import { createHmac } from 'node:crypto';

/**
 * The signature of a DingTalk robot: base64 of HMAC-SHA256 with the secret as key over `timestamp\nsecret`.
 * It goes into the query, encoded once.
 *
 * @param timestampMs - Milliseconds since the Unix epoch; DingTalk takes those within an hour of its clock.
 * @see https://open.dingtalk.com/document/robots/customize-robot-security-settings
 */
export function dingtalkSign(secret: string, timestampMs: number): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');
}
