import { createHmac } from 'node:crypto';
import { systemClock, type Clock } from '@tidewatch/core';
import { startHttpDouble, type DoubleAnswer, type DoubleRequest } from './http-double.ts';

export interface DingtalkDoubleOptions {
  /** When given, requests must be signed with it. */
  readonly secret?: string;
  /** When given, every message must hold one of them. */
  readonly keywords?: readonly string[];
  /** Messages a minute; more are refused as DingTalk refuses them. @defaultValue 20 */
  readonly perMinute?: number;
  readonly clock?: Clock;
}

/** A message that the robot took. */
export interface DingtalkMessage {
  readonly title: string;
  readonly text: string;
  readonly atMobiles: readonly string[];
  readonly msgtype: 'text' | 'markdown' | 'actionCard';
  /** Titles of the buttons of a card. */
  readonly buttons: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

export type DingtalkRefusal = 'token' | 'signature' | 'timestamp' | 'keyword' | 'rate' | 'size' | 'body';

/** A DingTalk robot on this machine that refuses what the real one refuses, in its words. */
export interface DingtalkDouble extends AsyncDisposable {
  /** With the access token: what the option `webhookUrl` takes. */
  readonly url: string;
  readonly received: readonly DingtalkMessage[];
  readonly refused: readonly { readonly reason: DingtalkRefusal; readonly atMs: number }[];
  close(): Promise<void>;
}

const TOKEN = 'double-token';
const HOUR_MS = 3_600_000;
const PENALTY_MS = 600_000;
const MAX_BYTES = 20_000;

/** Starts the double. It computes signatures by itself and shares no code with the channel. */
export async function startDingtalkDouble(options: DingtalkDoubleOptions = {}): Promise<DingtalkDouble> {
  const { secret, keywords = [], perMinute = 20, clock = systemClock } = options;
  const received: DingtalkMessage[] = [];
  const refused: { reason: DingtalkRefusal; atMs: number }[] = [];
  let attemptsAtMs: number[] = [];
  let punishedUntilMs = Number.NEGATIVE_INFINITY;

  function refuse(reason: DingtalkRefusal, errcode: number, errmsg: string): DoubleAnswer {
    refused.push({ reason, atMs: clock.now() });
    return { status: 200, body: JSON.stringify({ errcode, errmsg }) };
  }

  function tooFast(nowMs: number): boolean {
    if (nowMs < punishedUntilMs) return true;
    attemptsAtMs = [...attemptsAtMs.filter((atMs) => atMs > nowMs - 60_000), nowMs];
    if (attemptsAtMs.length <= perMinute) return false;
    punishedUntilMs = nowMs + PENALTY_MS;
    return true;
  }

  function checkSignature(query: URLSearchParams, nowMs: number): DoubleAnswer | undefined {
    if (secret === undefined) return undefined;
    const timestamp = query.get('timestamp') ?? '';
    if (!/^\d{13}$/.test(timestamp) || Math.abs(nowMs - Number(timestamp)) > HOUR_MS) {
      return refuse(
        'timestamp',
        310000,
        'description:invalid timestamp;solution:please keep the timestamp within one hour;',
      );
    }
    const mac = createHmac('sha256', Buffer.from(secret, 'utf8'));
    mac.update(Buffer.from(timestamp + String.fromCharCode(10) + secret, 'utf8'));
    if (mac.digest('base64') === query.get('sign')) return undefined;
    return refuse('signature', 310000, 'description:签名不匹配;solution:请检查签名是否正确;sign not match');
  }

  function judge({ url, body, method, headers }: DoubleRequest): DoubleAnswer {
    const nowMs = clock.now();
    if (method !== 'POST') return refuse('body', 43002, 'require POST http method');
    if (headers['content-type']?.startsWith('application/json') !== true)
      return refuse('body', 43004, 'content-type must be application/json');
    if (url.pathname !== '/robot/send' || url.searchParams.get('access_token') !== TOKEN) {
      return refuse('token', 300005, 'token is not exist');
    }
    if (tooFast(nowMs)) return refuse('rate', 130101, 'send too fast, exceed 20 times per minute');
    const unsigned = checkSignature(url.searchParams, nowMs);
    if (unsigned !== undefined) return unsigned;
    if (Buffer.byteLength(body) > MAX_BYTES)
      return refuse('size', 460101, 'message too long, exceed 20000 bytes');
    const message = read(body, nowMs);
    if (message === undefined) return refuse('body', 40035, 'missing parameter json');
    const holdsKeyword =
      keywords.length === 0 ||
      keywords.some((keyword) => message.text.includes(keyword) || message.title.includes(keyword));
    if (!holdsKeyword)
      return refuse(
        'keyword',
        310000,
        `keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]`,
      );
    received.push(message);
    return { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
  }

  const server = await startHttpDouble((request) => ({
    ...judge(request),
    headers: { date: new Date(clock.now()).toUTCString() },
  }));
  const close = (): Promise<void> => server.close();
  return {
    url: `${server.origin}/robot/send?access_token=${TOKEN}`,
    received,
    refused,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A message as the robot's body has it; everything may be missing. */
interface RobotBody {
  readonly msgtype?: string;
  readonly markdown?: { readonly title?: string; readonly text?: string };
  readonly text?: { readonly content?: string };
  readonly actionCard?: {
    readonly title?: string;
    readonly text?: string;
    readonly btns?: readonly { readonly title?: string; readonly actionURL?: string }[];
  };
  readonly at?: { readonly atMobiles?: readonly string[] };
}

function read(body: string, atMs: number): DingtalkMessage | undefined {
  try {
    const { msgtype, markdown, text, actionCard, at } = JSON.parse(body) as RobotBody;
    const common = { atMobiles: at?.atMobiles ?? [], buttons: [], atMs };
    if (msgtype === 'markdown' && markdown?.title && markdown.text)
      return { ...common, msgtype, title: markdown.title, text: markdown.text };
    if (msgtype === 'text' && text?.content) return { ...common, msgtype, title: '', text: text.content };
    const buttons = actionCard?.btns ?? [];
    if (msgtype === 'actionCard' && actionCard?.title && actionCard.text && buttons.every(isButton)) {
      const titles = buttons.map(({ title = '' }) => title);
      return { ...common, msgtype, title: actionCard.title, text: actionCard.text, buttons: titles };
    }
  } catch {
    // Not JSON: the caller refuses it.
  }
  return undefined;
}

function isButton({ title, actionURL }: { title?: string; actionURL?: string }): boolean {
  return title !== undefined && title !== '' && URL.canParse(actionURL ?? '');
}
