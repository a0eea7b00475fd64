import { manualClock } from '@tidewatch/core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { startDingtalkDouble } from '../testing/dingtalk-double.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { judgeDingtalkAnswer } from './dingtalk-answer.ts';
import { dingtalkSign } from './dingtalk-sign.ts';
import { dingtalk } from './dingtalk.ts';

const stop = new AbortController().signal;
const NOW = 1_795_435_800_000;

channelConformance('dingtalk', {
  it,
  create: ({ fetch, secret }) =>
    dingtalk({ webhookUrl: `https://robot.example/robot/send?access_token=${secret}`, secret, fetch }),
  acceptedBody: '{"errcode":0,"errmsg":"ok"}',
});

it('signs as DingTalk documents it', () => {
  expect(dingtalkSign('SEC0123456789abcdef', 1_700_000_000_000)).toBe(
    'TSZbRFUuvaSQaRKUpF970OPCb2/LcQAP3wOvwZIzBZk=',
  );
});

it('is accepted by a robot that checks signature and keyword, in every kind of message', async () => {
  const clock = manualClock(NOW);
  const robot = closeAfter(await startDingtalkDouble({ secret: 'SEC1', keywords: ['值班'], clock }));
  const channel = dingtalk({ webhookUrl: robot.url, secret: 'SEC1', keywords: ['值班'], clock });
  const resolved = sampleAlert({ status: 'resolved', endsAtMs: NOW, value: undefined });
  for (const notification of [
    sampleNotification({ locale: 'zh-CN' }),
    sampleNotification({ locale: 'zh-CN', status: 'resolved', alerts: [resolved] }),
    sampleNotification({ kind: 'digest', merged: 3 }),
    sampleNotification({ plain: true }),
  ]) {
    expect(await channel.send(notification, stop)).toEqual({ status: 'sent' });
  }
  expect(robot.refused).toEqual([]);
  expect(robot.received[0]?.text).toContain('开始时间: 2026-11-23 20:00:00 +08:00 (持续 10 分钟)');
  expect(robot.received[1]?.text).toContain('当前值: 未知');
});

it.for([
  ['signature', { secret: 'SEC-other', keywords: ['k'] }, 'secret'],
  ['keyword', { secret: 'SEC1', keywords: ['another'] }, 'keywords'],
] as const)('says what to mend when the robot refuses the %s', async ([reason, robotOptions, hint]) => {
  const clock = manualClock(NOW);
  const robot = closeAfter(await startDingtalkDouble({ ...robotOptions, clock }));
  const outcome = await dingtalk({ webhookUrl: robot.url, secret: 'SEC1', clock }).send(
    sampleNotification(),
    stop,
  );
  expect(outcome).toMatchObject({ status: 'misconfigured', hint: expect.stringContaining(`"${hint}"`) });
  expect(robot.refused).toMatchObject([{ reason }]);
});

it('is refused with a stale timestamp, and after the 20th message of a minute for ten minutes', async () => {
  const clock = manualClock(NOW);
  const robot = closeAfter(await startDingtalkDouble({ secret: 'SEC1', clock }));
  const late = dingtalk({ webhookUrl: robot.url, secret: 'SEC1', clock: manualClock(NOW - 3_700_000) });
  expect(await late.send(sampleNotification(), stop)).toMatchObject({ status: 'misconfigured' });
  const channel = dingtalk({ webhookUrl: robot.url, secret: 'SEC1', clock });
  for (let count = 2; count <= 20; count++) await channel.send(sampleNotification(), stop);
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({
    status: 'throttled',
    untilMs: NOW + 600_000,
  });
  expect(robot.refused.map(({ reason }) => reason)).toEqual(['timestamp', 'rate']);
});

it('does not send a body that DingTalk would refuse for its size', async () => {
  const alerts = Array.from({ length: 200 }, (_, index) =>
    sampleAlert({ fingerprint: String(index), annotations: { summary: '准'.repeat(200) } }),
  );
  const fetch = async (): Promise<never> => {
    throw new Error('must not be called');
  };
  const channel = dingtalk({ webhookUrl: 'https://robot.example/', fetch });
  expect(await channel.send(sampleNotification({ alerts }), stop)).toMatchObject({ status: 'tooLarge' });
});

it('lets no label mention everybody or break the markup', async () => {
  const robot = closeAfter(await startDingtalkDouble());
  const labels = { alertname: 'x', evil: '@all [a](http://evil)\n# big' };
  await dingtalk({ webhookUrl: robot.url }).send(
    sampleNotification({ alerts: [sampleAlert({ labels })] }),
    stop,
  );
  expect(robot.received[0]?.text).not.toContain('@all');
  expect(robot.received[0]?.text).not.toContain('[a](');
});

it.for([
  ['{"errcode":0}', 'sent', 'the only success'],
  ['{"errcode":"0"}', 'retryable', 'a text is not the number'],
  ['{}', 'retryable', 'a missing errcode is not 0'],
  ['{"status":1111,"wait":5,"punish":"deny"}', 'throttled', 'the gateway throttles without an errcode'],
  ['{"errcode":130101}', 'throttled', ''],
  ['{"errcode":310000,"errmsg":"错误描述:关键词不匹配"}', 'misconfigured', 'keyword, in Chinese'],
  ['{"errcode":310000,"errmsg":"sign not match"}', 'misconfigured', 'signature'],
  ['{"errcode":310000,"errmsg":"ip 192.0.2.1 not in whitelist"}', 'misconfigured', 'IP list'],
  ['{"errcode":460101}', 'tooLarge', ''],
  ['{"errcode":430103}', 'rejectedContent', ''],
  ['{"errcode":-1}', 'retryable', 'busy'],
  ['{"errcode":999999}', 'retryable', 'unknown is never success'],
  ['<html>', 'retryable', 'not JSON'],
  ['null', 'retryable', 'not an object'],
] as const)('%s is %s (%s)', ([body, status]) => {
  expect(judgeDingtalkAnswer(body, NOW).status).toBe(status);
});

/** Closes what a test has started, whether it passes or not. */
function closeAfter<T extends AsyncDisposable>(started: T): T {
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

it('lets no label break out of the link to the runbook', async () => {
  let text = '';
  const channel = dingtalk({
    webhookUrl: 'https://robot.example/robot/send?access_token=x',
    fetch: async (_, init) => {
      text = (JSON.parse(init?.body as string) as { markdown: { text: string } }).markdown.text;
      return new Response('{"errcode":0}');
    },
  });
  const annotations = { runbook_url: 'https://wiki.example/x) **pay here** [now](https://evil.example/' };
  await channel.send(sampleNotification({ alerts: [sampleAlert({ annotations })] }), stop);
  expect(text).toContain('[Runbook](https://wiki.example/x%29%20');
  expect(text).not.toContain('](https://evil');
});
