import { inspect } from 'node:util';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { closeAfter } from '../../test/close-after.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { startTencentSmsDouble } from '../testing/tencent-sms-double.ts';
import { startTwilioDouble } from '../testing/twilio-double.ts';
import { judgeTencentAnswer } from './judge-tencent-answer.ts';
import { tencentSms, type TencentSmsOptions } from './tencent-sms.ts';
import { judgeTwilioAnswer, twilioSms } from './twilio-sms.ts';

const stop = new AbortController().signal;
const NOW = Date.parse('2026-11-23T12:10:00Z');
const account = { secretId: 'test-id', secretKey: 'test-key' };
const tencentOptions: TencentSmsOptions = {
  ...account,
  sdkAppId: '1400000000',
  signName: '潮汐',
  templateId: '100000',
  phoneNumbers: ['+8610000000001', '+8610000000002'],
};
const twilioAccount = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'test-token' };

channelConformance('sms-tencent', {
  it,
  create: ({ fetch, secret }) =>
    tencentSms({ ...tencentOptions, name: 'sms-tencent', secretKey: secret, fetch }),
  acceptedBody: '{"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":"1"}]}}',
});

channelConformance('sms-twilio', {
  it,
  create: ({ fetch, secret }) =>
    twilioSms({
      ...twilioAccount,
      name: 'sms-twilio',
      authToken: secret,
      from: '+10000000000',
      phoneNumbers: ['+8610000000001'],
      fetch,
    }),
  acceptedBody: '{"sid":"SM1"}',
  acceptedStatus: 201,
});

it('R11 repeats to the number that is missing, and to no other', async () => {
  const limited = ['+8610000000002'];
  const service = closeAfter(await startTencentSmsDouble({ ...account, limited }));
  const channel = tencentSms({ ...tencentOptions, endpoint: service.origin });
  const outcome = await channel.send(sampleNotification(), stop);
  expect(outcome).toMatchObject({ status: 'partial', ok: ['recipient-1'], failed: ['recipient-2'] });
  expect(inspect(outcome)).not.toContain('+86');
  limited.pop();
  expect(await channel.send(sampleNotification({ recipients: ['recipient-2'] }), stop)).toMatchObject({
    status: 'sent',
  });
  expect(service.received.map(({ phoneNumber }) => phoneNumber)).toEqual(tencentOptions.phoneNumbers);
});

it('R11 fits its variables to what the template allows', async () => {
  const service = closeAfter(await startTencentSmsDouble(account));
  const alerts = [
    sampleAlert({ labels: { alertname: 'ANameOfMoreThanTwentyCharacters http://x' } }),
    sampleAlert(),
  ];
  await tencentSms({ ...tencentOptions, endpoint: service.origin }).send(
    sampleNotification({ alerts }),
    stop,
  );
  expect(service.received[0]?.params).toEqual(['Firing', 'ANameOfMoreThanT… +1', '0.8']);
  const short = tencentSms({ ...tencentOptions, endpoint: service.origin, maxVariableLength: 6 });
  await short.send(sampleNotification(), stop);
  expect(service.received.at(-1)?.params).toEqual(['Firing', 'LowAc…', '0.8']);
});

it.for([
  [{ secretKey: 'other' }, 'AuthFailure.SignatureFailure', 'misconfigured'],
  [{ secretId: 'other' }, 'AuthFailure.SecretIdNotFound', 'misconfigured'],
  [{ sdkAppId: '1400000009' }, 'InvalidParameterValue.SdkAppIdNotExist', 'misconfigured'],
  [{ phoneNumbers: ['12ab'] }, 'InvalidParameterValue.IncorrectPhoneNumber', 'misconfigured'],
  [
    { templateParams: () => ['x'.repeat(21)] },
    'InvalidParameterValue.TemplateParameterLengthLimit',
    'rejectedContent',
  ],
] as const)('Tencent Cloud refuses %j with %s', async ([parts, code, status]) => {
  const service = closeAfter(await startTencentSmsDouble(account));
  const outcome = await tencentSms({ ...tencentOptions, endpoint: service.origin, ...parts }).send(
    sampleNotification(),
    stop,
  );
  expect(service.refused[0]).toBe(code);
  expect(outcome.status).toBe(status);
});

it('takes Tencent Cloud’s time when its own clock is refused', async () => {
  const service = closeAfter(await startTencentSmsDouble({ ...account, clock: manualClock(NOW) }));
  const channel = tencentSms({
    ...tencentOptions,
    endpoint: service.origin,
    clock: manualClock(NOW - 600_000),
  });
  expect((await channel.send(sampleNotification(), stop)).status).toBe('retryable');
  expect((await channel.send(sampleNotification(), stop)).status).toBe('sent');
});

it('spends no more than its budget a day, and goes on after midnight of the messages’ zone', async () => {
  const clock = manualClock(NOW); // 20:10 in Shanghai
  const service = closeAfter(await startTencentSmsDouble({ ...account, clock }));
  const channel = tencentSms({ ...tencentOptions, endpoint: service.origin, dailyBudget: 3, clock });
  expect((await channel.send(sampleNotification(), stop)).status).toBe('sent');
  const untilMs = Date.parse('2026-11-23T16:00:00Z');
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({ status: 'throttled', untilMs });
  expect(await channel.send(sampleNotification({ recipients: ['recipient-1'] }), stop)).toMatchObject({
    status: 'sent',
  });
  await clock.advance(untilMs - NOW);
  expect((await channel.send(sampleNotification(), stop)).status).toBe('sent');
  expect(service.received).toHaveLength(5);
});

it('says so when no number was reached, and keeps the reason when it is the same for all', async () => {
  const service = closeAfter(await startTwilioDouble({ ...twilioAccount, invalid: ['+8610000000001'] }));
  const options = { ...twilioAccount, from: '+10000000000', endpoint: service.origin };
  const one = twilioSms({ ...options, phoneNumbers: ['+8610000000001'] });
  expect(await one.send(sampleNotification(), stop)).toMatchObject({
    status: 'misconfigured',
    hint: expect.stringMatching(/^21211: /),
  });
  const both = twilioSms({ ...options, phoneNumbers: ['+8610000000001', '+8610000000002'] });
  expect(await both.send(sampleNotification(), stop)).toMatchObject({
    status: 'partial',
    ok: ['recipient-2'],
  });
});

it('gives Twilio a text of two segments at most, from a number or a messaging service', async () => {
  const service = closeAfter(await startTwilioDouble(twilioAccount));
  const options = { ...twilioAccount, endpoint: service.origin, phoneNumbers: ['+8610000000001'] };
  const annotations = { summary: '准'.repeat(500) };
  const service2 = `MG${'0'.repeat(32)}`;
  for (const from of ['+10000000000', service2])
    await twilioSms({ ...options, from }).send(
      sampleNotification({ alerts: [sampleAlert({ annotations })] }),
      stop,
    );
  expect(service.received.map(({ from }) => from)).toEqual(['+10000000000', service2]);
  expect(Array.from(service.received[0]?.body ?? '')).toHaveLength(134);
  expect(
    await twilioSms({ ...options, from: '+1', authToken: 'x' }).send(sampleNotification(), stop),
  ).toMatchObject({ status: 'misconfigured' });
});

it.for([
  ['{"Response":{"SendStatusSet":[{"Code":"Ok"}]}}', 'sent'],
  ['{"Response":{"SendStatusSet":[]}}', 'ambiguous'],
  ['{}', 'ambiguous'],
  ['{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberDailyLimit"}]}}', 'throttled'],
  ['{"Response":{"Error":{"Code":"RequestLimitExceeded"}}}', 'throttled'],
  ['{"Response":{"Error":{"Code":"InternalError.Timeout"}}}', 'retryable'],
  ['{"Response":{"Error":{"Code":"FailedOperation.InsufficientBalanceInSmsPackage"}}}', 'misconfigured'],
] as const)('Tencent Cloud: %s is %s', ([body, status]) => {
  expect(judgeTencentAnswer({ status: 200, body }, 0).status).toBe(status);
});

it.for([
  [201, '{"sid":"SM1"}', 'sent'],
  [201, '<html>', 'ambiguous'],
  [429, '{"code":20429}', 'throttled'],
  [400, '{"code":21617}', 'rejectedContent'],
  [401, '{"code":20003}', 'misconfigured'],
  [500, '{"code":20500}', 'retryable'],
] as const)('Twilio: HTTP %i %s is %s', ([status, body, outcome]) => {
  expect(judgeTwilioAnswer({ status, body }, 0).status).toBe(outcome);
});

it.for([
  [{ phoneNumbers: [] }, 'phoneNumbers: expected 1 to 100 phone numbers, got 0'],
  [{ dailyBudget: 1 }, 'dailyBudget: expected at least one message for each of the 2 numbers, got 1'],
  [{ secretKey: '' }, 'secretKey: must not be empty'],
] as const)('refuses %j', ([parts, problem]) => {
  expect(() => tencentSms({ ...tencentOptions, ...parts })).toThrow(problem);
});
