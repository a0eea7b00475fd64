import type { Clock } from '@tidewatch/core';
import { bodyOf, slidingWindow, startServiceDouble, type ServiceDouble } from './service-double.ts';

/** A message that Slack took. */
export interface SlackMessage {
  readonly text: string;
  /** The texts of the blocks. */
  readonly blocks: readonly string[];
}

interface SlackBlock {
  readonly type?: string;
  readonly text?: { readonly type?: string; readonly text?: string };
}

/** An incoming webhook of Slack on this machine, with its limits and its one-word answers. */
export async function startSlackDouble(
  clock?: Clock,
): Promise<ServiceDouble<SlackMessage> & { readonly url: string }> {
  const tooMany = slidingWindow(1, 1000);
  const double = await startServiceDouble<SlackMessage>((request, nowMs) => {
    const refuse = (reason: string, status: number): { refuse: string; status: number; answer: string } => {
      return { refuse: reason, status, answer: reason };
    };
    if (request.url.pathname !== '/services/T0/B0/double') return refuse('no_service', 404);
    if (tooMany(nowMs)) return { ...refuse('rate_limited', 429), headers: { 'retry-after': '30' } };
    const { text, blocks = [] } = bodyOf(request) as { text?: string; blocks?: SlackBlock[] };
    if (!text) return refuse('no_text', 400);
    const texts = blocks.map((block) => block.text?.text ?? '');
    const isFit = blocks.every(({ type, text: inner }) => type === 'section' && inner?.type === 'mrkdwn');
    if (!isFit || blocks.length > 50 || texts.some((one) => one === '' || Array.from(one).length > 3000))
      return refuse('invalid_blocks', 400);
    return { accept: { text, blocks: texts }, answer: 'ok' };
  }, clock);
  return { ...double, url: `${double.origin}/services/T0/B0/double` };
}
