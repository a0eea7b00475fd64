import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { closeAfter } from '../../test/close-after.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { startSlackDouble } from '../testing/slack-double.ts';
import { judgeSlackAnswer, slack } from './slack.ts';

const stop = new AbortController().signal;

channelConformance('slack', {
  it,
  create: ({ fetch, secret }) => slack({ webhookUrl: `https://hooks.example/services/${secret}`, fetch }),
  acceptedBody: 'ok',
});

it('is one block an alert, and escapes what would mention, link or format', async () => {
  const workspace = closeAfter(await startSlackDouble());
  const labels = { alertname: 'x', evil: '<!channel> & <https://evil.example|a> *b*' };
  const alerts = [sampleAlert({ labels }), sampleAlert({ fingerprint: '2' })];
  const outcome = await slack({ webhookUrl: workspace.url }).send(sampleNotification({ alerts }), stop);
  expect(outcome).toEqual({ status: 'sent' });
  const [message] = workspace.received;
  expect(message?.blocks).toHaveLength(3);
  expect(message?.blocks.join()).not.toMatch(/<!channel>|<https:\/\/evil| & |\*b\*/);
});

it('asks for a split beyond 50 blocks, and cuts no block of more than 3000 characters out', async () => {
  const workspace = closeAfter(await startSlackDouble());
  const channel = slack({ webhookUrl: workspace.url });
  const annotations = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`note${index}`, '<'.repeat(499)]),
  );
  const many = (length: number) => Array.from({ length }, () => sampleAlert({ annotations }));
  expect(await channel.send(sampleNotification({ alerts: many(50) }), stop)).toMatchObject({
    status: 'tooLarge',
  });
  expect(await channel.send(sampleNotification({ alerts: many(49) }), stop)).toEqual({ status: 'sent' });
});

it('waits as long as Slack says, and sends plainly what was refused', async () => {
  const workspace = closeAfter(await startSlackDouble(manualClock(0)));
  const channel = slack({ webhookUrl: workspace.url, clock: manualClock(0) });
  expect(channel.limit).toEqual({ count: 1, perMs: 1000 });
  expect(await channel.send(sampleNotification({ plain: true }), stop)).toEqual({ status: 'sent' });
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({
    status: 'throttled',
    untilMs: 30_000,
  });
});

it.for([
  [200, 'ok', 'sent'],
  [200, '<html>', 'ambiguous'],
  [404, 'no_service', 'misconfigured'],
  [410, 'channel_is_archived', 'misconfigured'],
  [403, 'action_prohibited', 'misconfigured'],
  [400, 'invalid_blocks', 'rejectedContent'],
  [400, 'invalid_token', 'misconfigured'],
  [429, 'rate_limited', 'throttled'],
  [500, 'rollup_error', 'retryable'],
] as const)('HTTP %i %s is %s', ([status, body, outcome]) => {
  expect(judgeSlackAnswer({ status, body }, 0).status).toBe(outcome);
});
