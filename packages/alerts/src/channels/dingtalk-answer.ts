import type { Outcome } from '../delivery/outcome.ts';
import { answerJson } from './answer-json.ts';

/** DingTalk refuses a robot for ten minutes once it has been too fast. */
const DINGTALK_PENALTY_MS = 600_000;

const CONTENT_CODES = new Set([430101, 430102, 430103, 430104]);
/** The body was not as DingTalk wants it: the plainest one is tried, and nothing else would help. */
const BODY_CODES = new Set([40035, 43002, 43004, 400105]);
const TOKEN_CODES: Readonly<Record<number, string>> = {
  300005: 'the access_token of the webhook address is unknown: copy the address again',
  400101: 'the access_token of the webhook address is unknown: copy the address again',
  400013: 'the group of the robot has been dissolved: add a robot to another group',
  400102: 'the robot has been stopped: start it in the settings of the group',
  400106: 'the robot is unknown: add it to the group again',
};

/**
 * Judges the body of DingTalk's answer; the HTTP status is 200 for errors as well.
 *
 * Only `errcode` 0 is a success: a throttled answer may come without any errcode.
 *
 * @param body - The raw answer.
 */
export function judgeDingtalkAnswer(body: string, nowMs: number): Outcome {
  const answer = answerJson(body);
  if (answer === undefined) return { status: 'retryable', detail: 'the answer is not JSON' };
  const { errcode, errmsg, punish } = answer;
  if (errcode === 0) return { status: 'sent' };
  const text = typeof errmsg === 'string' ? errmsg.slice(0, 200) : '';
  const isThrottled = errcode === 130101 || errcode === 410100 || errcode === 302 || punish === 'deny';
  if (isThrottled)
    return {
      status: 'throttled',
      detail: typeof errcode === 'number' ? `errcode ${errcode}` : 'throttled at the gateway',
      untilMs: nowMs + DINGTALK_PENALTY_MS,
    };
  if (typeof errcode !== 'number') return { status: 'retryable', detail: 'the answer has no errcode' };
  if (errcode === 310000) return { status: 'misconfigured', hint: HINTS_OF_310000[meaningOf310000(text)] };
  const hint = TOKEN_CODES[errcode];
  if (hint !== undefined) return { status: 'misconfigured', hint };
  if (errcode === 460101 || errcode === 101002) return { status: 'tooLarge', detail: `errcode ${errcode}` };
  if (CONTENT_CODES.has(errcode) || BODY_CODES.has(errcode))
    return { status: 'rejectedContent', detail: `errcode ${errcode}` };
  if (errcode === -1) return { status: 'retryable', detail: 'the system is busy', afterMs: 30_000 };
  return { status: 'retryable', detail: `errcode ${errcode}, which is not known here` };
}

/** Whether the robot refuses the signature, of which the time is a part. */
export function refusesDingtalkSignature(body: string): boolean {
  const { errcode, errmsg } = answerJson(body) ?? {};
  return errcode === 310000 && meaningOf310000(String(errmsg)) === 'signature';
}

type Refusal = 'keyword' | 'signature' | 'ip' | 'unknown';

/** One code, three meanings, and each in several wordings: the text decides, in either language. */
function meaningOf310000(text: string): Refusal {
  if (/keyword|关键词/i.test(text)) return 'keyword';
  if (/sign|签名|timestamp|时间戳/i.test(text)) return 'signature';
  return /\bip\b|白名单/i.test(text) ? 'ip' : 'unknown';
}

const HINTS_OF_310000: Readonly<Record<Refusal, string>> = {
  keyword:
    '310000: the robot wants one of its keywords in every message: set the option "keywords" to those of the robot',
  signature: '310000: the signature was refused: check the option "secret" (SEC…) and this machine\'s clock',
  ip: '310000: the address of this machine is not in the IP list of the robot',
  unknown:
    '310000: the security settings of the robot refuse the message: check keywords, secret and IP list',
};
