import type { Outcome } from '../delivery/outcome.ts';
import { toMarkdown, linkInBrackets, type MarkdownDialect } from '../messages/markdown.ts';
import { toPlainText } from '../messages/plain-text.ts';
import { renderMessage } from '../messages/render-message.ts';
import { answerJson } from './answer-json.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { httpChannel, type HttpChannelOptions } from './http-channel.ts';
import { checkRange } from './keywords.ts';
import { outcomeOfStatus, type Answer } from './post.ts';

export interface WecomOptions extends HttpChannelOptions {
  /** With its `key`. Secret: never logged, never put in an error. */
  readonly webhookUrl: string | URL;
  /** Phone numbers of members, or `@all`: mentioned while an alert fires, which WeCom does in text alone. */
  readonly mobiles?: readonly string[];
  /** How messages look. @defaultValue 'text' with `mobiles`, else 'markdown' */
  readonly format?: 'markdown' | 'text';
  /** Most messages a minute. @defaultValue 20 */
  readonly perMinute?: number;
}

/** Of the content, in UTF-8. */
const MAX_BYTES = { markdown: 4096, text: 2048 };
const MAX_PER_MINUTE = 20;

/**
 * A robot in a group of WeCom (企业微信).
 *
 * @throws {@link ConfigError} for an address that cannot be posted to, or more than 20 messages a minute.
 * @see https://developer.work.weixin.qq.com/document/path/91770
 */
export function wecom(options: WecomOptions): Channel {
  const { webhookUrl, perMinute = MAX_PER_MINUTE, name = 'wecom', mobiles = [] } = options;
  const { format = mobiles.length > 0 ? 'text' : 'markdown' } = options;
  checkUrl(webhookUrl, name);
  checkRange(name, 'perMinute', perMinute, MAX_PER_MINUTE);
  return httpChannel(options, {
    name,
    url: webhookUrl,
    limit: { count: perMinute, perMs: 60_000 },
    compose(notification) {
      const kind = notification.plain ? 'text' : format;
      const content = kind === 'text' ? toText(notification) : toContent(notification);
      const bytes = Buffer.byteLength(content);
      if (bytes > MAX_BYTES[kind])
        return { status: 'tooLarge', detail: `${bytes} bytes, ${MAX_BYTES[kind]} are allowed` };
      const called = notification.status === 'firing' ? mobiles : [];
      const message =
        kind === 'text'
          ? { msgtype: 'text', text: { content, mentioned_mobile_list: called } }
          : { msgtype: 'markdown', markdown: { content } };
      return {
        url: webhookUrl,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
      };
    },
    judge: judgeWecomAnswer,
  });
}

/** Judges WeCom's answer; the HTTP status is 200 for errors as well. Only `errcode` 0 is a success. */
export function judgeWecomAnswer(answer: Answer, nowMs: number): Outcome {
  const refused = outcomeOfStatus(answer, nowMs);
  if (refused !== undefined) return refused;
  const { errcode, errmsg } = answerJson(answer.body) ?? {};
  if (typeof errcode !== 'number') return { status: 'ambiguous', detail: 'the answer has no errcode' };
  const detail = `errcode ${errcode}`;
  if (errcode === 0) return { status: 'sent' };
  if (errcode === -1) return { status: 'retryable', detail: 'the system is busy', afterMs: 30_000 };
  if (errcode === 45009 || errcode === 45033) return { status: 'throttled', detail, untilMs: nowMs + 60_000 };
  if (errcode === 93000)
    return {
      status: 'misconfigured',
      hint: '93000: the key of the webhook address is unknown: copy the address again',
    };
  if (errcode === 45002 || /exceed max length/i.test(String(errmsg))) return { status: 'tooLarge', detail };
  if (errcode === 40058 || errcode === 40008 || errcode === 44004)
    return { status: 'rejectedContent', detail };
  return { status: 'retryable', detail: `${detail}, which is not known here` };
}

function toText(notification: Notification): string {
  return toPlainText(renderMessage(notification)).replaceAll('@', '@\u200B').replaceAll('<@', '<\u200B@');
}

function toContent(notification: Notification): string {
  const { head, alerts, end } = toMarkdown(renderMessage(notification), dialect);
  return [...head, ...alerts.flat(), ...end].join('\n');
}

/** WeCom knows no escapes: a zero-width space keeps its signs from meaning anything. */
const dialect: MarkdownDialect = {
  escape: (text) => text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[<[*`@]|^[#>]/g, (char) => `${char}\u200B`),
  title: (text) => `### ${text}`,
  note: (text) => `> ${text}`,
  bold: (text) => `**${text}**`,
  fact: (name, value) => `> ${name}: ${value}`,
  link: linkInBrackets,
};
