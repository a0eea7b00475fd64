import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { closeAfter } from '../../test/close-after.ts';
import { startFeishuDouble } from '../testing/feishu-double.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { feishu, feishuSign, judgeFeishuAnswer } from './feishu.ts';

const stop = new AbortController().signal;
/** Ten minutes past the hour. */
const NOW = Date.parse('2026-11-23T12:10:00Z');

channelConformance('feishu', {
  it,
  create: ({ fetch, secret }) =>
    feishu({ webhookUrl: `https://bot.example/hook/${secret}`, secret, fetch, clock: manualClock(NOW) }),
  acceptedBody: '{"code":0,"msg":"success"}',
});

it('signs as Feishu documents it, key and data the other way round than DingTalk', () => {
  expect(feishuSign('feishuSecret', 1_700_000_000)).toBe('s1kXC05eKiEHuyy1iNXgtQd2PntVWKcAeZLZlUt2XGA=');
});

it.for(['card', 'text'] as const)(
  'as %s is accepted by a bot that checks signature and keyword, in every kind of message',
  async (format) => {
    const clock = manualClock(NOW);
    const bot = closeAfter(await startFeishuDouble({ secret: 's', keywords: ['值班'], clock }));
    const channel = feishu({ webhookUrl: bot.url, secret: 's', keywords: ['值班'], format, clock });
    for (const parts of [
      {},
      { status: 'resolved', alerts: [sampleAlert({ status: 'resolved', endsAtMs: NOW })] },
      { kind: 'digest', merged: 3 },
      { plain: true },
    ] as const) {
      expect(await channel.send(sampleNotification(parts), stop)).toEqual({ status: 'sent' });
    }
    expect(bot.refused).toEqual([]);
    expect(bot.received.at(-1)?.kind).toBe('text');
  },
);

it('mentions who is asked to be, while an alert fires, and nobody whom a label names', async () => {
  const clock = manualClock(NOW);
  const bot = closeAfter(await startFeishuDouble({ clock }));
  const labels = { alertname: 'x', evil: '<at id=all></at> [a](https://evil.example)' };
  const channel = feishu({ webhookUrl: bot.url, at: ['ou_1'], clock });
  await channel.send(sampleNotification({ alerts: [sampleAlert({ labels })] }), stop);
  await channel.send(sampleNotification({ status: 'resolved' }), stop);
  expect(bot.received[0]?.text).toContain('<at id=ou_1></at>');
  expect(bot.received[0]?.text).not.toContain('<at id=all>');
  expect(bot.received[0]?.text).not.toContain('[a](');
  expect(bot.received[1]?.text).not.toContain('<at');
});

it('waits out the first seconds of a half hour, in which Feishu refuses many', async () => {
  const rush = Date.parse('2026-11-23T12:30:00Z');
  const channel = feishu({ webhookUrl: 'https://bot.example/', clock: manualClock(rush + 2000) });
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({
    status: 'throttled',
    untilMs: rush + 5000,
  });
});

it('takes the service’s time when its own clock is refused', async () => {
  const bot = closeAfter(await startFeishuDouble({ secret: 's', clock: manualClock(NOW) }));
  const late = feishu({ webhookUrl: bot.url, secret: 's', clock: manualClock(NOW - 7_200_000) });
  expect(await late.send(sampleNotification(), stop)).toMatchObject({ status: 'retryable', afterMs: 1000 });
  expect(await late.send(sampleNotification(), stop)).toEqual({ status: 'sent' });
});

it('keeps 5 a second and 100 a minute by its limit', () => {
  const { limit = { count: 0, perMs: 1 } } = feishu({ webhookUrl: 'https://bot.example/' });
  expect(limit.count).toBeLessThanOrEqual(5);
  expect((limit.count * 60_000) / limit.perMs).toBeLessThanOrEqual(100 - limit.count);
});

it.for([
  [200, '{"code":0}', 'sent'],
  [200, '{}', 'ambiguous'],
  [200, '{"code":"0"}', 'ambiguous'],
  [200, '{"code":19001}', 'misconfigured'],
  [200, '{"code":19021}', 'misconfigured'],
  [200, '{"code":19022}', 'misconfigured'],
  [200, '{"code":19024}', 'misconfigured'],
  [400, '{"code":9499,"msg":"too many request"}', 'throttled'],
  [200, '{"code":11232}', 'throttled'],
  [200, '{"code":19002}', 'rejectedContent'],
  [200, '{"code":77}', 'retryable'],
  [502, '<html>', 'retryable'],
] as const)('HTTP %i %s is %s', ([status, body, outcome]) => {
  expect(judgeFeishuAnswer({ status, body }, NOW).status).toBe(outcome);
});
