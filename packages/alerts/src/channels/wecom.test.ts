import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { closeAfter } from '../../test/close-after.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { startWecomDouble } from '../testing/wecom-double.ts';
import { judgeWecomAnswer, wecom } from './wecom.ts';

const stop = new AbortController().signal;
const MOBILE = '10000000000';

channelConformance('wecom', {
  it,
  create: ({ fetch, secret }) => wecom({ webhookUrl: `https://robot.example/send?key=${secret}`, fetch }),
  acceptedBody: '{"errcode":0,"errmsg":"ok"}',
});

it('is markdown, and text where somebody is mentioned: WeCom mentions by phone in text alone', async () => {
  const robot = closeAfter(await startWecomDouble());
  await wecom({ webhookUrl: robot.url }).send(sampleNotification(), stop);
  await wecom({ webhookUrl: robot.url, mobiles: [MOBILE] }).send(sampleNotification(), stop);
  await wecom({ webhookUrl: robot.url, mobiles: [MOBILE] }).send(
    sampleNotification({ status: 'resolved' }),
    stop,
  );
  expect(robot.received).toMatchObject([
    { kind: 'markdown', mobiles: [] },
    { kind: 'text', mobiles: [MOBILE] },
    { kind: 'text', mobiles: [] },
  ]);
});

it('counts bytes, and asks for a split before WeCom refuses', async () => {
  const robot = closeAfter(await startWecomDouble());
  const alerts = Array.from({ length: 4 }, () => sampleAlert({ annotations: { summary: '准'.repeat(400) } }));
  const channel = wecom({ webhookUrl: robot.url });
  expect(await channel.send(sampleNotification({ alerts }), stop)).toMatchObject({ status: 'tooLarge' });
  expect(await channel.send(sampleNotification({ alerts: alerts.slice(0, 2) }), stop)).toEqual({
    status: 'sent',
  });
  expect(robot.refused).toEqual([]);
});

it('is throttled by the 21st message of a minute, and has a limit that keeps it from that', async () => {
  const robot = closeAfter(await startWecomDouble(manualClock(0)));
  const channel = wecom({ webhookUrl: robot.url });
  expect(channel.limit).toEqual({ count: 20, perMs: 60_000 });
  for (let count = 0; count < 20; count++) await channel.send(sampleNotification(), stop);
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({ status: 'throttled' });
});

it('lets no label mention or format', async () => {
  const robot = closeAfter(await startWecomDouble());
  const labels = { alertname: 'x', evil: '<@all> @all **big** [a](https://evil.example)' };
  await wecom({ webhookUrl: robot.url }).send(
    sampleNotification({ alerts: [sampleAlert({ labels })] }),
    stop,
  );
  expect(robot.received[0]?.content).not.toMatch(/<@|@all|\*\*big|\[a\]/);
});

it.for([
  ['{"errcode":0}', 'sent'],
  ['{}', 'ambiguous'],
  ['{"errcode":-1}', 'retryable'],
  ['{"errcode":45009}', 'throttled'],
  ['{"errcode":93000}', 'misconfigured'],
  ['{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}', 'tooLarge'],
  ['{"errcode":40058,"errmsg":"other"}', 'rejectedContent'],
  ['{"errcode":1234}', 'retryable'],
] as const)('%s is %s', ([body, status]) => {
  expect(judgeWecomAnswer({ status: 200, body }, 0).status).toBe(status);
});
