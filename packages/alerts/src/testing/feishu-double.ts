import { createHmac } from 'node:crypto';
import type { Clock } from '@tidewatch/core';
import {
  bodyOf,
  slidingWindow,
  startServiceDouble,
  type Judgement,
  type ServiceDouble,
} from './service-double.ts';

export interface FeishuDoubleOptions {
  readonly secret?: string;
  readonly keywords?: readonly string[];
  readonly clock?: Clock;
}

/** A message that the bot took. */
export interface FeishuMessage {
  readonly kind: 'text' | 'interactive';
  /** All that can be read in it. */
  readonly text: string;
}

/** A Feishu bot on this machine, with the limits and the codes of the real one. */
export async function startFeishuDouble({ secret, keywords = [], clock }: FeishuDoubleOptions = {}): Promise<
  ServiceDouble<FeishuMessage> & { readonly url: string }
> {
  const tooManyASecond = slidingWindow(5, 1000);
  const tooManyAMinute = slidingWindow(100, 60_000);
  const refuse = (reason: string, code: number, msg: string, status = 200): Judgement<FeishuMessage> => ({
    refuse: reason,
    status,
    answer: { code, msg, data: {} },
  });
  const double = await startServiceDouble<FeishuMessage>((request, nowMs) => {
    if (request.url.pathname !== '/open-apis/bot/v2/hook/double')
      return refuse('token', 19001, 'param invalid: incoming webhook access token invalid');
    const [second, minute] = [tooManyASecond(nowMs), tooManyAMinute(nowMs)];
    if (second || minute) return refuse('rate', 9499, 'too many request', 400);
    if (Buffer.byteLength(request.body) > 20_000) return refuse('size', 9499, 'request body too large', 400);
    const body = bodyOf(request);
    if (secret !== undefined && !isSigned(body, secret, nowMs))
      return refuse(
        'signature',
        19021,
        'sign match fail or timestamp is not within one hour from current time',
      );
    const message = read(body);
    if (message === undefined) return refuse('body', 19002, 'params error, msg_type need');
    if (keywords.length > 0 && !keywords.some((keyword) => message.text.includes(keyword)))
      return refuse('keyword', 19024, 'Key Words Not Found');
    return {
      accept: message,
      answer: { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' },
    };
  }, clock);
  return { ...double, url: `${double.origin}/open-apis/bot/v2/hook/double` };
}

function isSigned(body: Readonly<Record<string, unknown>>, secret: string, nowMs: number): boolean {
  const { timestamp, sign } = body;
  if (typeof timestamp !== 'string' || !/^\d{10}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > 3600) return false;
  const mac = createHmac('sha256', Buffer.from(timestamp + String.fromCharCode(10) + secret));
  return mac.digest().toString('base64') === sign;
}

function read(body: Readonly<Record<string, unknown>>): FeishuMessage | undefined {
  const {
    msg_type: kind,
    content,
    card,
  } = body as {
    msg_type?: string;
    content?: { text?: string };
    card?: { header?: { title?: { content?: string } }; elements?: { tag?: string; content?: string }[] };
  };
  if (kind === 'text' && content?.text) return { kind, text: content.text };
  const elements = card?.elements ?? [];
  if (kind !== 'interactive' || elements.length === 0 || elements.some(({ tag }) => tag !== 'markdown'))
    return undefined;
  const texts = [card?.header?.title?.content, ...elements.map((element) => element.content)];
  return { kind, text: texts.join('\n') };
}
