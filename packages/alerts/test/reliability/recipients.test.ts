import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { email, type Mail, type MailTransport } from '../../src/channels/email.ts';
import { aliyunSms, tencentSms } from '../../src/channels/sms.ts';
import { collector } from '../../src/testing/index.ts';
import { startTencentSmsDouble } from '../../src/testing/tencent-sms-double.ts';
import { closeAfter } from '../close-after.ts';
import { crash, HOUR, MINUTE, newFolder, rig, START, toldIn } from './rig.ts';

/** A mail server that answers as the test says. */
function mailServer(answers: (() => Awaited<ReturnType<MailTransport['sendMail']>>)[]) {
  const mails: Mail[] = [];
  const transport: MailTransport = {
    async sendMail(mail) {
      mails.push(mail);
      return answers.shift()?.() ?? {};
    },
  };
  return {
    mails,
    channel: email({ from: 'w@example.org', to: ['a@example.org', 'b@example.org'], transport }),
  };
}

it('R10 a recipient that was refused gets the mail later, and nobody gets it twice', async () => {
  const { mails, channel } = mailServer([() => ({ rejected: ['b@example.org'] })]);
  const { world, after } = await rig({ receivers: { team: [channel] }, metaAlerts: 'off' });
  world.firing.set('a', 1);
  for (let minute = 0; minute < 10; minute++) await after(minute === 0 ? 0 : MINUTE);
  expect(mails.map(({ to }) => to)).toEqual([['a@example.org', 'b@example.org'], ['b@example.org']]);
});

it('R10 a connection that breaks after the text is repeated under the same Message-ID, and says so', async () => {
  const { mails, channel } = mailServer([
    () => {
      throw Object.assign(new Error('closed'), { code: 'ECONNECTION', command: 'CONN' });
    },
  ]);
  const { world, after } = await rig({ receivers: { team: [channel] }, metaAlerts: 'off' });
  world.firing.set('a', 1);
  for (let minute = 0; minute < 10; minute++) await after(minute === 0 ? 0 : MINUTE);
  expect(mails).toHaveLength(2);
  expect(mails[1]?.messageId).toBe(mails[0]?.messageId);
  expect(mails.map(({ text }) => text.includes('may be a repetition'))).toEqual([false, true]);
});

it('R11 of two numbers the one that was full gets the message later, and the other no second one', async () => {
  const account = { secretId: 'test-id', secretKey: 'test-key' };
  const limited = ['+8610000000002'];
  const service = closeAfter(await startTencentSmsDouble({ ...account, limited }));
  const channel = tencentSms({
    ...account,
    sdkAppId: '1400000000',
    signName: '潮汐',
    templateId: '100000',
    phoneNumbers: ['+8610000000001', '+8610000000002'],
    endpoint: service.origin,
  });
  const { world, after } = await rig({ receivers: { team: [channel] }, metaAlerts: 'off' });
  world.firing.set('a', 1);
  await after(0);
  limited.pop();
  for (let minute = 0; minute < 10; minute++) await after(MINUTE);
  expect(service.received.map(({ phoneNumber }) => phoneNumber)).toEqual([
    '+8610000000001',
    '+8610000000002',
  ]);
});

it('R11 the 51st message of the day goes to the fallback, also when the process was killed in between', async () => {
  const folder = await newFolder();
  const clock = manualClock(START);
  let sent = 0;
  const parts = () => ({
    clock,
    metaAlerts: 'off' as const,
    route: { receiver: 'team', groupBy: ['pod'], groupWaitMs: 0, repeatIntervalMs: 24 * HOUR },
    receivers: {
      team: [
        aliyunSms({
          accessKeyId: 'id',
          accessKeySecret: 's',
          signName: 'Tidewatch',
          templateCode: 'SMS_1',
          phoneNumbers: ['+8610000000001'],
          dailyBudget: 50,
          clock,
          fetch: async () => {
            sent++;
            return new Response('{"Code":"OK"}');
          },
        }),
      ],
    },
  });
  const first = await rig({ ...parts(), store: { dir: folder } });
  for (let message = 1; message <= 50; message++) {
    first.world.firing.set(`p${message}`, 1);
    await first.after(MINUTE);
  }
  expect(sent).toBe(50);
  const fallback = collector({ name: 'fallback' });
  const { world } = first;
  const second = await rig({ ...parts(), world, store: { dir: crash(folder) }, fallback: [fallback] });
  world.firing.set('p51', 1);
  await second.after(MINUTE);
  expect([sent, fallback.notifications.flatMap(toldIn)]).toEqual([50, ['p51 firing']]);
  // Midnight in Shanghai is four hours after the start.
  world.firing.set('p52', 1);
  for (let minutes = 0; minutes < 4 * 60; minutes += 10) await second.after(10 * MINUTE);
  expect(sent).toBeGreaterThan(50);
  await second.after(HOUR);
  expect(fallback.notifications.flatMap(toldIn)).toEqual(['p51 firing', 'p52 firing']);
});
