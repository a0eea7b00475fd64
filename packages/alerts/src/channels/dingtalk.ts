import { ConfigError, systemClock, type Clock } from '@tidewatch/core';
import { renderMessage, type Message, type MessageAlert } from '../messages/render-message.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { judgeDingtalkAnswer } from './dingtalk-answer.ts';
import { dingtalkSign } from './dingtalk-sign.ts';
import { isAnswer, outcomeOfStatus, post } from './post.ts';

/** Who is called by name in the group. */
export interface DingtalkMention {
  readonly mobiles?: readonly string[];
  readonly everybody?: boolean;
}

export interface DingtalkOptions {
  /** With its `access_token`. Secret: never logged, never put in an error. */
  readonly webhookUrl: string | URL;
  /** `SEC…`, when the robot is set to sign. */
  readonly secret?: string;
  /** Those of the robot, when it is set to keywords: every message will hold the first. At most 10. */
  readonly keywords?: readonly string[];
  /** Mentioned while an alert fires. */
  readonly at?: DingtalkMention;
  /** Most messages a minute; DingTalk takes 20 and then refuses everything for ten minutes. @defaultValue 20 */
  readonly perMinute?: number;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue 'dingtalk' */
  readonly name?: string;
  readonly resolved?: 'notify' | 'silent';
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
}

/** DingTalk counts the bytes of the body, and a Chinese character is three. */
const MAX_BODY_BYTES = 20_000;
const MAX_PER_MINUTE = 20;

/**
 * A DingTalk group robot: a signed markdown message, with a keyword in every one.
 *
 * @throws {@link ConfigError} for an address that cannot be posted to, more than 20 messages a minute or more
 * than 10 keywords.
 * @see https://open.dingtalk.com/document/robots/custom-robot-access
 */
export function dingtalk(options: DingtalkOptions): Channel {
  const { webhookUrl, secret, perMinute = MAX_PER_MINUTE, timeoutMs = 10_000, name = 'dingtalk' } = options;
  const { resolved = 'notify', fetch = globalThis.fetch, clock = systemClock } = options;
  checkUrl(webhookUrl, name);
  checkRange(name, 'perMinute', perMinute, MAX_PER_MINUTE);
  checkRange(name, 'keywords.length', options.keywords?.length ?? 1, 10);
  return {
    name,
    resolved,
    limit: { count: perMinute, perMs: 60_000 },
    async send(notification, signal) {
      const body = JSON.stringify(toBody(notification, options));
      const bytes = Buffer.byteLength(body);
      if (bytes > MAX_BODY_BYTES)
        return { status: 'tooLarge', detail: `${bytes} bytes, ${MAX_BODY_BYTES} are allowed` };
      const nowMs = clock.now();
      const url = new URL(webhookUrl);
      if (secret !== undefined) {
        url.searchParams.set('timestamp', String(nowMs));
        url.searchParams.set('sign', dingtalkSign(secret, nowMs));
      }
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const answer = await post(url, { fetch, headers, body, timeoutMs, nowMs, signal });
      if (!isAnswer(answer)) return answer;
      return outcomeOfStatus(answer, nowMs) ?? judgeDingtalkAnswer(answer.body, nowMs);
    },
  };
}

function toBody(notification: Notification, { keywords = [], at }: DingtalkOptions): object {
  const message = renderMessage(notification);
  const isFiring = notification.status === 'firing';
  const mobiles = isFiring ? (at?.mobiles ?? []) : [];
  const text = toMarkdown(message, mobiles);
  const keyword = missingKeyword(text, keywords);
  return {
    msgtype: 'markdown',
    markdown: { title: message.title, text: keyword === undefined ? text : `${text}\n\n${keyword}` },
    at: { atMobiles: mobiles, isAtAll: isFiring && at?.everybody === true },
  };
}

function toMarkdown(message: Message, mobiles: readonly string[]): string {
  const parts = [
    `### ${escapeMarkdown(message.title)}`,
    ...message.notes.map((note) => `> ${escapeMarkdown(note)}`),
  ];
  for (const alert of message.alerts) parts.push(...alertMarkdown(alert, message));
  if (message.link !== undefined) parts.push(markdownLink(message.link.text, message.link.url));
  // A mention needs the number in the text as well as in the field.
  if (mobiles.length > 0) parts.push(mobiles.map((mobile) => `@${mobile}`).join(' '));
  return parts.join('\n\n');
}

function alertMarkdown(alert: MessageAlert, { alerts, texts }: Message): string[] {
  const sign = alert.status === 'firing' ? '🔴' : '🟢';
  const heading = alerts.length === 1 ? [] : [`${sign} **${escapeMarkdown(alert.heading)}**`];
  const facts = alert.facts.map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}`).join('\n');
  const runbook = alert.runbookUrl === undefined ? [] : [markdownLink(texts.runbook, alert.runbookUrl)];
  return [...heading, ...alert.lines.map(escapeMarkdown), facts, ...runbook];
}

/** A bracket in the address would end the link. */
function markdownLink(text: string, url: string): string {
  return `[${text}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** Label text must not format, link or mention anybody: a zero-width space breaks `@all` without being seen. */
function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('@', '@\u200B')
    .replaceAll(/[\\`*[\]<>]|^#/g, (char) => `\\${char}`);
}

/** The keyword that has to be added to a text, or `undefined` when it holds one: an escaped one does not count. */
function missingKeyword(text: string, keywords: readonly string[]): string | undefined {
  return keywords.some((keyword) => text.includes(keyword)) ? undefined : keywords[0];
}

function checkRange(channel: string, path: string, got: number, max: number): void {
  if (Number.isInteger(got) && got >= 1 && got <= max) return;
  throw new ConfigError(`channel ${channel}`, [
    { code: 'out-of-range', path, problem: `expected a whole number from 1 to ${max}, got ${got}` },
  ]);
}
