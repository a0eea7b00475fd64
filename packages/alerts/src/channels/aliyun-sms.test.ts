import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { startAliyunSmsDouble } from '../testing/aliyun-sms-double.ts';
import { closeAfter } from '../../test/close-after.ts';
import { channelConformance } from '../testing/channel-conformance.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { aliyunSms, type AliyunSmsOptions } from './aliyun-sms.ts';
import { judgeAliyunAnswer } from './judge-aliyun-answer.ts';

const stop = new AbortController().signal;
const account = { accessKeyId: 'test-id', accessKeySecret: 'test-secret' };
const options: AliyunSmsOptions = {
  ...account,
  signName: '潮汐 (测试)!*',
  templateCode: 'SMS_000000000',
  phoneNumbers: ['+8610000000000'],
};

channelConformance('sms', {
  it,
  create: ({ fetch, secret }) => aliyunSms({ ...options, accessKeySecret: secret, fetch }),
  acceptedBody: '{"Code":"OK","BizId":"1"}',
});

it('R11 is accepted by a service that recomputes the signature, and fits its variables', async () => {
  const service = closeAfter(await startAliyunSmsDouble({ ...account, maxVariableLength: 20 }));
  const channel = aliyunSms({ ...options, endpoint: service.url });
  const alerts = [
    sampleAlert({ labels: { alertname: '一个非常非常长的告警名称超过二十个字符的限制' } }),
    sampleAlert(),
  ];
  expect(await channel.send(sampleNotification({ locale: 'zh-CN', alerts }), stop)).toEqual({
    status: 'sent',
    receipt: '1^0',
  });
  expect(service.received).toMatchObject([
    {
      signName: '潮汐 (测试)!*',
      templateParam: { status: '告警触发', name: '一个非常非常长的告警名称超过二十… +1', value: '0.8' },
    },
  ]);
});

it.for([
  ['another secret', { accessKeySecret: 'other' }, 'SignatureDoesNotMatch', 'misconfigured'],
  ['another id', { accessKeyId: 'other' }, 'InvalidAccessKeyId.NotFound', 'misconfigured'],
  ['a number that is none', { phoneNumbers: ['12ab'] }, 'isv.MOBILE_NUMBER_ILLEGAL', 'misconfigured'],
  [
    'a long variable',
    { templateParams: () => ({ name: 'x'.repeat(36) }) },
    'isv.PARAM_LENGTH_LIMIT',
    'rejectedContent',
  ],
] as const)('with %s it is refused', async ([, parts, reason, status]) => {
  const service = closeAfter(await startAliyunSmsDouble(account));
  const outcome = await aliyunSms({ ...options, endpoint: service.url, ...parts }).send(
    sampleNotification(),
    stop,
  );
  expect(service.refused).toMatchObject([{ reason }]);
  expect(outcome.status).toBe(status);
  expect(inspect(outcome)).not.toMatch(/8610000000000|test-secret/);
});

it('is refused when it repeats a nonce', async () => {
  const service = closeAfter(await startAliyunSmsDouble(account));
  const channel = aliyunSms({ ...options, endpoint: service.url, nonce: () => 'always-the-same' });
  expect((await channel.send(sampleNotification(), stop)).status).toBe('sent');
  expect((await channel.send(sampleNotification(), stop)).status).toBe('retryable');
  expect(service.refused).toMatchObject([{ reason: 'SignatureNonceUsed' }]);
});

it.for([
  [200, '{"Code":"OK"}', 'sent'],
  [200, '{"Code":"isv.BUSINESS_LIMIT_CONTROL"}', 'throttled'],
  [200, '{"Code":"isv.AMOUNT_NOT_ENOUGH"}', 'misconfigured'],
  [200, '{}', 'ambiguous'],
  [200, '<html>', 'ambiguous'],
  [502, '<html>', 'retryable'],
  [200, '{"Code":"SomethingNew"}', 'retryable'],
] as const)('R11 HTTP %i %s is %s', ([httpStatus, body, status]) => {
  expect(judgeAliyunAnswer(httpStatus, body, 0).status).toBe(status);
});

it('takes Aliyun’s time when its own clock is refused', async () => {
  const service = closeAfter(await startAliyunSmsDouble(account));
  const clock = { now: () => Date.parse('2020-01-01T00:00:00Z'), sleep: async () => {} };
  const channel = aliyunSms({ ...options, endpoint: service.url, clock });
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({
    status: 'retryable',
    afterMs: 1000,
  });
  expect((await channel.send(sampleNotification(), stop)).status).toBe('sent');
  expect(service.refused).toMatchObject([{ reason: 'InvalidTimeStamp.Expired' }]);
});
