import type { Outcome } from '../delivery/outcome.ts';
import { toMarkdown, type MarkdownDialect } from '../messages/markdown.ts';
import { toPlainText } from '../messages/plain-text.ts';
import { renderMessage, shorten } from '../messages/render-message.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { httpChannel, type HttpChannelOptions } from './http-channel.ts';
import { outcomeOfStatus, type Answer } from './post.ts';

export interface SlackOptions extends HttpChannelOptions {
  /** An incoming webhook. Secret: never logged, never put in an error. */
  readonly webhookUrl: string | URL;
}

/** A message with more blocks is refused. */
const MAX_BLOCKS = 50;
const MAX_BLOCK_CHARACTERS = 3000;
const MAX_TEXT_CHARACTERS = 40_000;

/**
 * An incoming webhook of Slack: one block an alert.
 *
 * @throws {@link ConfigError} for an address that cannot be posted to.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function slack(options: SlackOptions): Channel {
  const { webhookUrl, name = 'slack' } = options;
  checkUrl(webhookUrl, name);
  return httpChannel(options, {
    name,
    url: webhookUrl,
    limit: { count: 1, perMs: 1000 },
    compose(notification) {
      const blocks = toBlocks(notification);
      if (blocks.length > MAX_BLOCKS)
        return { status: 'tooLarge', detail: `${blocks.length} blocks, ${MAX_BLOCKS} are allowed` };
      const body = notification.plain ? plainBody(notification) : { text: titleOf(notification), blocks };
      return { url: webhookUrl, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    },
    judge: judgeSlackAnswer,
  });
}

/** Judges Slack's answer: the body `ok` is the only success; errors are one word. */
export function judgeSlackAnswer(answer: Answer, nowMs: number): Outcome {
  const { status, body } = answer;
  const word = /^[a-z_]{1,60}$/.test(body.trim()) ? body.trim() : '';
  if (status >= 200 && status < 300) {
    return word === 'ok' ? { status: 'sent' } : { status: 'ambiguous', detail: 'the answer is not "ok"' };
  }
  if (status === 404 || status === 410 || status === 403)
    return {
      status: 'misconfigured',
      hint: `HTTP ${status} ${word}: the webhook, its channel or its app is gone: make a new webhook`,
    };
  if (word === 'invalid_token')
    return { status: 'misconfigured', hint: 'the webhook has been revoked: make a new one' };
  return outcomeOfStatus(answer, nowMs) ?? { status: 'ambiguous', detail: `HTTP ${status}` };
}

function toBlocks(notification: Notification): object[] {
  const { head, alerts, end } = toMarkdown(renderMessage(notification), dialect);
  const texts = [head, ...alerts, ...(end.length > 0 ? [end] : [])].map((parts) => parts.join('\n'));
  return texts.map((text) => {
    return { type: 'section', text: { type: 'mrkdwn', text: shorten(text, MAX_BLOCK_CHARACTERS) } };
  });
}

/** What a phone shows before the message is opened. */
function titleOf(notification: Notification): string {
  return dialect.escape(renderMessage(notification).title);
}

function plainBody(notification: Notification): object {
  const text = dialect.escape(toPlainText(renderMessage(notification)));
  return { text: shorten(text, MAX_TEXT_CHARACTERS), mrkdwn: false };
}

/** The three that Slack asks to be escaped, and what would format: without `<`, nobody is mentioned. */
const dialect: MarkdownDialect = {
  escape: (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[*_~`]/g, (char) => `${char}\u200B`),
  title: (text) => `*${text}*`,
  note: (text) => `_${text}_`,
  bold: (text) => `*${text}*`,
  fact: (name, value) => `• ${name}: ${value}`,
  link: (text, url) => `<${url.replaceAll('>', '%3E').replaceAll('|', '%7C')}|${text}>`,
};
