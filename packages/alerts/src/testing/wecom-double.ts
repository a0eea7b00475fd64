import type { Clock } from '@tidewatch/core';
import {
  bodyOf,
  slidingWindow,
  startServiceDouble,
  type Judgement,
  type ServiceDouble,
} from './service-double.ts';

/** A message that the robot took. */
export interface WecomMessage {
  readonly kind: 'text' | 'markdown';
  readonly content: string;
  readonly mobiles: readonly string[];
}

/** A WeCom robot on this machine, with the limits and the codes of the real one. */
export async function startWecomDouble(
  clock?: Clock,
): Promise<ServiceDouble<WecomMessage> & { readonly url: string }> {
  const tooMany = slidingWindow(20, 60_000);
  const refuse = (reason: string, errcode: number, errmsg: string): Judgement<WecomMessage> => ({
    refuse: reason,
    status: 200,
    answer: { errcode, errmsg },
  });
  const double = await startServiceDouble<WecomMessage>((request, nowMs) => {
    if (request.url.searchParams.get('key') !== 'double-key')
      return refuse('token', 93000, 'invalid webhook url, hint: [1]');
    if (tooMany(nowMs)) return refuse('rate', 45009, 'api freq out of limit');
    const {
      msgtype: kind,
      text,
      markdown,
    } = bodyOf(request) as {
      msgtype?: string;
      text?: { content?: string; mentioned_mobile_list?: string[] };
      markdown?: { content?: string };
    };
    const content = (kind === 'text' ? text : markdown)?.content;
    if ((kind !== 'text' && kind !== 'markdown') || !content)
      return refuse('body', 40008, 'invalid message type');
    const max = kind === 'text' ? 2048 : 4096;
    if (Buffer.byteLength(content) > max)
      return refuse('size', 40058, `${kind}.content exceed max length ${max}`);
    const mobiles = text?.mentioned_mobile_list ?? [];
    return { accept: { kind, content, mobiles }, answer: { errcode: 0, errmsg: 'ok' } };
  }, clock);
  return { ...double, url: `${double.origin}/cgi-bin/webhook/send?key=double-key` };
}
