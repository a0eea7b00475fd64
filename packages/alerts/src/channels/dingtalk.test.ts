import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { closeAfter } from '../../test/close-after.ts';
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

it('mends a stale clock by the robot’s own time, and is refused after the 20th message of a minute for ten minutes', async () => {
  const clock = manualClock(NOW);
  const robot = closeAfter(await startDingtalkDouble({ secret: 'SEC1', clock }));
  const late = dingtalk({ webhookUrl: robot.url, secret: 'SEC1', clock: manualClock(NOW - 3_700_000) });
  expect(await late.send(sampleNotification(), stop)).toMatchObject({ status: 'retryable', afterMs: 1000 });
  expect(await late.send(sampleNotification(), stop)).toEqual({ status: 'sent' });
  const channel = dingtalk({ webhookUrl: robot.url, secret: 'SEC1', clock });
  for (let count = 3; count <= 20; count++) await channel.send(sampleNotification(), stop);
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
  ['{"errcode":410100}', 'throttled', ''],
  [
    '{"errcode":310000,"errmsg":"keywords not in content, more: [https://x]"}',
    'misconfigured',
    'keyword, first wording',
  ],
  [
    '{"errcode":310000,"errmsg":"description:关键词不匹配;solution:请联系群管理员"}',
    'misconfigured',
    'keyword, second',
  ],
  ['{"errcode":310000,"errmsg":"something else"}', 'misconfigured', 'a fourth meaning'],
  ['{"errcode":300005}', 'misconfigured', 'the token is unknown'],
  ['{"errcode":400101}', 'misconfigured', 'the token is unknown'],
  ['{"errcode":400013}', 'misconfigured', 'the group is gone'],
  ['{"errcode":400102}', 'misconfigured', 'the robot was stopped'],
  ['{"errcode":400106}', 'misconfigured', 'the robot is unknown'],
  ['{"errcode":40035}', 'rejectedContent', 'a parameter is missing'],
  ['{"errcode":43002}', 'rejectedContent', 'POST is wanted'],
  ['{"errcode":43004}', 'rejectedContent', 'the content type'],
  ['{"errcode":400105}', 'rejectedContent', 'the kind of message'],
  ['{"errcode":430101}', 'rejectedContent', 'an unsafe link'],
  ['{"errcode":430102}', 'rejectedContent', 'an improper text'],
  ['{"errcode":430104}', 'rejectedContent', 'improper content'],
  ['{"errcode":101002}', 'tooLarge', 'the older code'],
  ['{"errcode":999999}', 'retryable', 'unknown is never success'],
  ['<html>', 'retryable', 'not JSON'],
  ['null', 'retryable', 'not an object'],
] as const)('%s is %s (%s)', ([body, status]) => {
  expect(judgeDingtalkAnswer(body, NOW).status).toBe(status);
});

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

it.for([
  ['keywords not in content, more: [https://x]', 'keywords'],
  ['description:关键词不匹配;solution:请联系群管理员', 'keywords'],
  ['错误描述:关键词不匹配;解决方案:请联系群管理员', 'keywords'],
  ['sign not match', 'secret'],
  ['description:签名不匹配', 'secret'],
  ['invalid timestamp', 'clock'],
  ['description:机器人发送签名过期', 'secret'],
  ['ip 192.0.2.1 not in whitelist', 'IP list'],
  ['不在白名单', 'IP list'],
  ['', 'security settings'],
] as const)('310000 %s: the hint names the %s', ([errmsg, hint]) => {
  const outcome = judgeDingtalkAnswer(JSON.stringify({ errcode: 310000, errmsg }), NOW);
  expect(outcome).toMatchObject({ status: 'misconfigured', hint: expect.stringContaining(hint) });
});

it.for([
  ['markdown', 'markdown', 'https://monitor.example/', []],
  ['text', 'text', 'https://monitor.example/', []],
  ['actionCard', 'actionCard', 'https://monitor.example/', ['Open the monitor', 'Runbook']],
  ['actionCard', 'actionCard', '', ['Runbook']],
] as const)(
  '%s is sent as %s with the page %j and buttons %j',
  async ([format, msgtype, externalUrl, buttons]) => {
    const robot = closeAfter(await startDingtalkDouble({ keywords: ['值班'] }));
    const channel = dingtalk({
      webhookUrl: robot.url,
      keywords: ['值班'],
      format,
      at: { mobiles: ['10000000000'] },
    });
    const alerts = [sampleAlert({ annotations: { runbook_url: 'https://wiki.example/x' } })];
    expect(await channel.send(sampleNotification({ alerts, externalUrl }), stop)).toEqual({ status: 'sent' });
    expect(robot.received).toMatchObject([{ msgtype, buttons }]);
    expect(robot.received[0]?.text).toContain('@10000000000');
  },
);

it('is markdown where a card would have no button, and text when the fuller form was refused', async () => {
  const robot = closeAfter(await startDingtalkDouble());
  const channel = dingtalk({ webhookUrl: robot.url, format: 'actionCard' });
  await channel.send(sampleNotification(), stop);
  await channel.send(sampleNotification({ plain: true }), stop);
  expect(robot.received.map(({ msgtype }) => msgtype)).toEqual(['markdown', 'text']);
});

it('mentions by phone in field and text while an alert fires, and nobody when it has recovered', async () => {
  const robot = closeAfter(await startDingtalkDouble());
  const channel = dingtalk({ webhookUrl: robot.url, at: { mobiles: ['+852-10000000'] } });
  await channel.send(sampleNotification(), stop);
  await channel.send(sampleNotification({ status: 'resolved' }), stop);
  expect(robot.received[0]).toMatchObject({
    atMobiles: ['+852-10000000'],
    text: expect.stringContaining('@+852-10000000'),
  });
  expect(robot.received[1]).toMatchObject({ atMobiles: [], text: expect.not.stringContaining('@+852') });
});

it('fits one alert into a message, whatever it is made of', async () => {
  const robot = closeAfter(await startDingtalkDouble());
  const long = `${'准'.repeat(499)}👨‍👩‍👧‍👦`.repeat(500);
  const annotations = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`note${index}`, long]));
  const labels = { alertname: long, model: long };
  const channel = dingtalk({ webhookUrl: robot.url });
  const huge = sampleNotification({ alerts: [sampleAlert({ labels, annotations }), sampleAlert()] });
  for (const parts of [{}, { plain: true }]) {
    const outcome = await channel.send({ ...huge, ...parts, alerts: huge.alerts.slice(0, 1) }, stop);
    expect(['sent', 'tooLarge']).toContain(outcome.status);
  }
  expect(await channel.send({ ...huge, plain: true }, stop)).toEqual({ status: 'sent' });
  expect(robot.refused).toEqual([]);
  expect(robot.received.map(({ text }) => text).join()).not.toContain('\uFFFD');
});
