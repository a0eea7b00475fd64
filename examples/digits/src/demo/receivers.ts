import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startAliyunSmsDouble, startDingtalkDouble } from '@tidewatch/alerts/testing';
import { SMTPServer } from 'smtp-server';

/** What the demo's alerts are delivered to, all on this machine. */
export interface Receivers {
  /** Words of alertmanager.yml and what stands for them in this run. */
  readonly replacements: Readonly<Record<string, string>>;
  /** Messages that each receiver accepted. */
  accepted(): Readonly<Record<'dingtalk' | 'email' | 'sms', number>>;
  /** Why messages were refused, in order. */
  refused(): readonly string[];
  close(): Promise<void>;
}

// Made up, and known to the doubles alone.
const dingtalkSecret = 'SECdemo-not-a-real-secret';
const smsKeyId = 'demo-key-id';
const smsKeySecret = 'demo-key-secret';
// No network has a number of ten zeros.
const phone = '+8610000000000';

/**
 * Starts a DingTalk robot and an Aliyun SMS service that judge as the real ones do (signature, keyword, rate),
 * and a real SMTP server.
 */
export async function startReceivers(): Promise<Receivers> {
  const dingtalk = await startDingtalkDouble({ secret: dingtalkSecret, keywords: ['Tidewatch'] });
  const sms = await startAliyunSmsDouble({ accessKeyId: smsKeyId, accessKeySecret: smsKeySecret });
  let mails = 0;
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      stream.resume().once('end', () => {
        mails++;
        done();
      });
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  const { port } = smtp.server.address() as AddressInfo;

  return {
    replacements: {
      DINGTALK_URL: dingtalk.url,
      DINGTALK_SECRET: dingtalkSecret,
      SMTP_ADDRESS: `127.0.0.1:${port}`,
      SMS_URL: sms.url,
      SMS_KEY_ID: smsKeyId,
      SMS_KEY_SECRET: smsKeySecret,
      SMS_PHONE: phone,
    },
    accepted: () => ({ dingtalk: dingtalk.received.length, email: mails, sms: sms.received.length }),
    refused: () => [
      ...dingtalk.refused.map(({ reason }) => `dingtalk: ${reason}`),
      ...sms.refused.map(({ reason }) => `sms: ${reason}`),
    ],
    async close() {
      await Promise.all([
        dingtalk.close(),
        sms.close(),
        new Promise<void>((resolve) => {
          smtp.close(() => resolve());
        }),
      ]);
    },
  };
}
