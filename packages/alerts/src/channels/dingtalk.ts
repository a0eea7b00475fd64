import { renderMessage, type Message } from '../messages/render-message.ts';
import { linkInBrackets, toMarkdown, type MarkdownDialect } from '../messages/markdown.ts';
import { toPlainText } from '../messages/plain-text.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { judgeDingtalkAnswer, refusesDingtalkSignature } from './dingtalk-answer.ts';
import { dingtalkSign } from './dingtalk-sign.ts';
import { httpChannel, type HttpChannelOptions } from './http-channel.ts';
import { checkRange, MAX_KEYWORDS, withKeyword } from './keywords.ts';
import { outcomeOfStatus } from './post.ts';

/** Who is called by name in the group. */
export interface DingtalkMention {
  /** Phone numbers of members; outside of China `+CC-NUMBER`. Personal data: never logged. */
  readonly mobiles?: readonly string[];
  readonly everybody?: boolean;
}

/** The kinds of message that a robot can send. */
export type DingtalkFormat = 'markdown' | 'text' | 'actionCard';

export interface DingtalkOptions extends HttpChannelOptions {
  /** With its `access_token`. Secret: never logged, never put in an error. */
  readonly webhookUrl: string | URL;
  /** `SEC…`, when the robot is set to sign. */
  readonly secret?: string;
  /** Those of the robot, when it is set to keywords: every message will hold one. At most 10. */
  readonly keywords?: readonly string[];
  /** Mentioned while an alert fires. */
  readonly at?: DingtalkMention;
  /** A card has its links as buttons; without a link it is markdown, and DingTalk mentions nobody in it. @defaultValue 'markdown' */
  readonly format?: DingtalkFormat;
  /** Most messages a minute; DingTalk takes 20 and then refuses everything for ten minutes. @defaultValue 20 */
  readonly perMinute?: number;
}

/** DingTalk counts the bytes of the body, and a Chinese character is three. */
const MAX_BODY_BYTES = 20_000;
const MAX_PER_MINUTE = 20;

/**
 * A DingTalk group robot: a signed message, with a keyword in every one.
 *
 * @throws {@link ConfigError} for an address that cannot be posted to, more than 20 messages a minute or more
 * than 10 keywords.
 * @see https://open.dingtalk.com/document/robots/custom-robot-access
 */
export function dingtalk(options: DingtalkOptions): Channel {
  const { webhookUrl, secret, perMinute = MAX_PER_MINUTE, name = 'dingtalk' } = options;
  checkUrl(webhookUrl, name);
  checkRange(name, 'perMinute', perMinute, MAX_PER_MINUTE);
  checkRange(name, 'keywords.length', options.keywords?.length ?? 1, MAX_KEYWORDS);
  return httpChannel(options, {
    name,
    url: webhookUrl,
    limit: { count: perMinute, perMs: 60_000 },
    compose(notification, nowMs) {
      const body = JSON.stringify(toBody(notification, options));
      const bytes = Buffer.byteLength(body);
      if (bytes > MAX_BODY_BYTES)
        return { status: 'tooLarge', detail: `${bytes} bytes, ${MAX_BODY_BYTES} are allowed` };
      const url = new URL(webhookUrl);
      if (secret !== undefined) {
        url.searchParams.set('timestamp', String(nowMs));
        url.searchParams.set('sign', dingtalkSign(secret, nowMs));
      }
      return { url, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
    },
    judge: (answer, nowMs) => outcomeOfStatus(answer, nowMs) ?? judgeDingtalkAnswer(answer.body, nowMs),
    refusesTime: ({ body }) => secret !== undefined && refusesDingtalkSignature(body),
  });
}

function toBody(notification: Notification, { keywords, at, format = 'markdown' }: DingtalkOptions): object {
  const message = renderMessage(notification);
  const isFiring = notification.status === 'firing';
  const mobiles = isFiring ? (at?.mobiles ?? []) : [];
  // A mention needs the number in the text as well as in the field.
  const mention = mobiles.map((mobile) => `@${mobile}`).join(' ');
  const everybody = isFiring && at?.everybody === true;
  const called = { at: { atMobiles: mobiles, isAtAll: everybody } };
  if (format === 'text' || notification.plain) {
    const text = [withoutMentions(toPlainText(message)), mention].filter(Boolean).join('\n\n');
    return { msgtype: 'text', text: { content: withKeyword(text, keywords) }, ...called };
  }
  const { head, alerts, end } = toMarkdown(message, dialect);
  const buttons = format === 'actionCard' ? buttonsOf(message) : [];
  const parts = [...head, ...alerts.flat(), ...(buttons.length > 0 ? [] : end), mention].filter(Boolean);
  const text = withKeyword(parts.join('\n\n'), keywords);
  const title = withoutMentions(message.title);
  if (buttons.length === 0) return { msgtype: 'markdown', markdown: { title, text }, ...called };
  return { msgtype: 'actionCard', actionCard: { title, text, btnOrientation: '1', btns: buttons } };
}

/** The page first, then what to do about the first alert. */
function buttonsOf({ link, alerts, texts }: Message): { title: string; actionURL: string }[] {
  const runbookUrl = alerts.find((alert) => alert.runbookUrl !== undefined)?.runbookUrl;
  return [
    ...(link === undefined ? [] : [{ title: link.text, actionURL: link.url }]),
    ...(runbookUrl === undefined ? [] : [{ title: texts.runbook, actionURL: runbookUrl }]),
  ];
}

const dialect: MarkdownDialect = {
  escape: (text) =>
    withoutMentions(text.replaceAll(/[\r\n]+/g, ' ')).replaceAll(
      /[\\`*[\]]|<(?=\S)|^[#>]/g,
      (char) => `\\${char}`,
    ),
  title: (text) => `### ${text}`,
  note: (text) => `> ${text}`,
  bold: (text) => `**${text}**`,
  fact: (name, value) => `- ${name}: ${value}`,
  link: linkInBrackets,
};

/** A zero-width space breaks `@all` without being seen. */
function withoutMentions(text: string): string {
  return text.replaceAll('@', '@\u200B');
}
