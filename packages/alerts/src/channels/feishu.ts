import { createHmac } from 'node:crypto';
import type { Outcome } from '../delivery/outcome.ts';
import { toMarkdown, linkInBrackets, type MarkdownDialect } from '../messages/markdown.ts';
import { toPlainText } from '../messages/plain-text.ts';
import { renderMessage } from '../messages/render-message.ts';
import { answerJson } from './answer-json.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { httpChannel, type HttpChannelOptions } from './http-channel.ts';
import { checkRange, MAX_KEYWORDS, withKeyword } from './keywords.ts';
import { outcomeOfStatus, type Answer } from './post.ts';

export interface FeishuOptions extends HttpChannelOptions {
  /** `https://open.feishu.cn/open-apis/bot/v2/hook/…`, or of Lark. Secret: never logged, never put in an error. */
  readonly webhookUrl: string | URL;
  /** When the bot is set to sign. */
  readonly secret?: string;
  /** Those of the bot, when it is set to keywords: every message will hold one. At most 10. */
  readonly keywords?: readonly string[];
  /** Mentioned while an alert fires: ids of users, `ou_…`, or `all`. */
  readonly at?: readonly string[];
  /** How messages look. @defaultValue 'card' */
  readonly format?: 'card' | 'text';
}

const MAX_BODY_BYTES = 20_000;
/** Feishu takes 5 messages a second and 100 a minute; 4 in any 3 seconds keep both. */
const LIMIT = { count: 4, perMs: 3000 };
const HALF_HOUR_MS = 1_800_000;
/** Everybody's timers fire on the half hour, and Feishu refuses some of them. */
const RUSH_MS = 5000;

/**
 * A bot in a group of Feishu or Lark: a signed card, or text.
 *
 * Nothing is sent in the first five seconds of a half hour, as Feishu asks.
 *
 * @throws {@link ConfigError} for an address that cannot be posted to, or more than 10 keywords.
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export function feishu(options: FeishuOptions): Channel {
  const { webhookUrl, secret, keywords, name = 'feishu' } = options;
  checkUrl(webhookUrl, name);
  checkRange(name, 'keywords.length', keywords?.length ?? 1, MAX_KEYWORDS);
  return httpChannel(options, {
    name,
    url: webhookUrl,
    limit: LIMIT,
    compose(notification, nowMs) {
      const intoRushMs = nowMs % HALF_HOUR_MS;
      if (intoRushMs < RUSH_MS) {
        const untilMs = nowMs - intoRushMs + RUSH_MS;
        return { status: 'throttled', detail: 'the first seconds of a half hour', untilMs };
      }
      const seconds = Math.floor(nowMs / 1000);
      const signed =
        secret === undefined ? {} : { timestamp: String(seconds), sign: feishuSign(secret, seconds) };
      const body = JSON.stringify({ ...signed, ...toBody(notification, options) });
      const bytes = Buffer.byteLength(body);
      if (bytes > MAX_BODY_BYTES)
        return { status: 'tooLarge', detail: `${bytes} bytes, ${MAX_BODY_BYTES} are allowed` };
      return { url: webhookUrl, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
    },
    judge: judgeFeishuAnswer,
    refusesTime: ({ body }) => secret !== undefined && answerJson(body)?.['code'] === 19021,
  });
}

/**
 * The signature of a Feishu bot: base64 of HMAC-SHA256 over nothing, with `timestamp\nsecret` as the key. DingTalk
 * has key and data the other way round, and counts milliseconds.
 */
export function feishuSign(secret: string, timestampSeconds: number): string {
  return createHmac('sha256', `${timestampSeconds}\n${secret}`).digest('base64');
}

const HINTS: Readonly<Record<number, string>> = {
  19001: 'the webhook address is unknown: copy it again from the settings of the bot',
  19021: 'the signature was refused: check the option "secret" and this machine\'s clock',
  19022: 'the address of this machine is not in the IP list of the bot',
  19024: 'the bot wants one of its keywords in every message: set the option "keywords" to those of the bot',
};

/** Judges Feishu's answer: errors come with HTTP 200 as well as 400, so the code in the body decides. */
export function judgeFeishuAnswer(answer: Answer, nowMs: number): Outcome {
  const { code } = answerJson(answer.body) ?? {};
  if (typeof code !== 'number') {
    return outcomeOfStatus(answer, nowMs) ?? { status: 'ambiguous', detail: 'the answer has no code' };
  }
  if (code === 0) return { status: 'sent' };
  const hint = HINTS[code];
  if (hint !== undefined) return { status: 'misconfigured', hint: `${code}: ${hint}` };
  if (code === 11232 || code === 9499)
    return { status: 'throttled', detail: `code ${code}`, untilMs: nowMs + (answer.retryAfterMs ?? 60_000) };
  // The form of the body: the plainest is tried.
  if (code === 19002 || code === 10208 || code === 11246)
    return { status: 'rejectedContent', detail: `code ${code}` };
  return { status: 'retryable', detail: `code ${code}, which is not known here` };
}

function toBody(notification: Notification, { keywords, at = [], format = 'card' }: FeishuOptions): object {
  const message = renderMessage(notification);
  const called = notification.status === 'firing' ? at : [];
  if (format === 'text' || notification.plain) {
    const mentions = called.map((id) => `<at user_id="${id}"></at>`).join(' ');
    const text = [toPlainText(message).replaceAll('<', '<\u200B'), mentions].filter(Boolean).join('\n\n');
    return { msg_type: 'text', content: { text: withKeyword(text, keywords) } };
  }
  const { head, alerts, end } = toMarkdown(message, dialect);
  const mentions = called.map((id) => `<at id=${id}></at>`).join(' ');
  const [, ...notes] = head;
  const content = [...notes, ...alerts.flat(), ...end, mentions].filter(Boolean).join('\n\n');
  const template = notification.status === 'firing' ? 'red' : 'green';
  return {
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      header: { template, title: { tag: 'plain_text', content: message.title } },
      elements: [{ tag: 'markdown', content: withKeyword(content, keywords) }],
    },
  };
}

const dialect: MarkdownDialect = {
  escape: (text) =>
    text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[&<*[\]`~_]|^[#>]/g, (char) => `&#${char.charCodeAt(0)};`),
  title: (text) => text,
  note: (text) => `*${text}*`,
  bold: (text) => `**${text}**`,
  fact: (name, value) => `- ${name}: ${value}`,
  link: linkInBrackets,
};
