import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { alertmanager } from '../../src/channels/alertmanager.ts';
import { dingtalk } from '../../src/channels/dingtalk.ts';
import { feishu } from '../../src/channels/feishu.ts';
import { pagerduty } from '../../src/channels/pagerduty.ts';
import { slack } from '../../src/channels/slack.ts';
import { aliyunSms, tencentSms, twilioSms } from '../../src/channels/sms.ts';
import { webhook } from '../../src/channels/webhook.ts';
import { wecom } from '../../src/channels/wecom.ts';
import type { Channel } from '../../src/index.ts';
import { sampleNotification } from '../../src/testing/sample-notification.ts';

const SECRET = 'canary-0123456789';
const stop = new AbortController().signal;
/** Not in the first seconds of a half hour, when Feishu wants silence. */
const clock = { now: () => Date.parse('2026-11-23T12:10:00Z'), sleep: async (): Promise<void> => {} };

interface At {
  readonly origin: string;
  readonly timeoutMs?: number;
}

const sms = { phoneNumbers: ['+8610000000001'], signName: 'Tidewatch', clock };

/** Every channel over HTTP, pointed at a server of the test, with the statuses by which its service accepts. */
const channels: Readonly<Record<string, readonly [create: (at: At) => Channel, accepts: readonly number[]]>> =
  {
    dingtalk: [
      ({ origin, ...rest }) => dingtalk({ webhookUrl: `${origin}/?access_token=${SECRET}`, clock, ...rest }),
      [],
    ],
    feishu: [({ origin, ...rest }) => feishu({ webhookUrl: `${origin}/${SECRET}`, clock, ...rest }), []],
    wecom: [({ origin, ...rest }) => wecom({ webhookUrl: `${origin}/?key=${SECRET}`, clock, ...rest }), []],
    slack: [({ origin, ...rest }) => slack({ webhookUrl: `${origin}/${SECRET}`, clock, ...rest }), []],
    pagerduty: [
      ({ origin, ...rest }) =>
        pagerduty({ routingKey: SECRET.padEnd(32, '0'), url: `${origin}/v2/enqueue`, clock, ...rest }),
      [202],
    ],
    webhook: [({ origin, ...rest }) => webhook({ url: `${origin}/${SECRET}`, clock, ...rest }), [200, 204]],
    alertmanager: [
      ({ origin, ...rest }) => alertmanager({ url: `${origin}/${SECRET}`, clock, ...rest }),
      [200, 204],
    ],
    'sms-aliyun': [
      ({ origin, ...rest }) =>
        aliyunSms({
          ...sms,
          accessKeyId: 'id',
          accessKeySecret: SECRET,
          templateCode: 'SMS_1',
          endpoint: origin,
          ...rest,
        }),
      [],
    ],
    'sms-tencent': [
      ({ origin, ...rest }) =>
        tencentSms({
          ...sms,
          secretId: 'id',
          secretKey: SECRET,
          sdkAppId: '1400000000',
          templateId: '1',
          endpoint: origin,
          ...rest,
        }),
      [],
    ],
    'sms-twilio': [
      ({ origin, ...rest }) =>
        twilioSms({
          phoneNumbers: sms.phoneNumbers,
          clock,
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: SECRET,
          from: '+10000000000',
          endpoint: origin,
          ...rest,
        }),
      [],
    ],
  };

/** Lets a server listen on this machine until the test is over, or until it is closed. */
async function listen(
  server: Server,
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await server[Symbol.asyncDispose]();
  }
  onTestFinished(close);
  return { origin, close };
}

describe('R8 answers that prove nothing are never taken for a success', () => {
  const elsewhere: string[] = [];
  const answers: Readonly<Record<string, (response: ServerResponse, other: string) => void>> = {
    'a page of a proxy, 502': (response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad'),
    'nothing, 200': (response) => response.writeHead(200).end(),
    'half of a JSON, 200': (response) => response.writeHead(200).end('{"errcode":'),
    'JSON in another charset, 200': (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json; charset=utf-16le' })
        .end(Buffer.from('{"errcode":0,"code":0,"Code":"OK","sid":"SM1"}', 'utf16le')),
    'no content, 204': (response) => response.writeHead(204).end(),
    'a redirect, 302': (response, other) => response.writeHead(302, { location: `${other}/steal` }).end(),
    'a redirect that keeps the method, 307': (response, other) =>
      response.writeHead(307, { location: `${other}/steal` }).end(),
  };

  it.for(Object.keys(answers))('R8 %s', async (kind) => {
    const { origin: other } = await listen(
      createServer((request, response) => {
        elsewhere.push(`${request.method} ${request.url}`);
        response.end('ok');
      }),
    );
    const { origin } = await listen(createServer((_, response) => answers[kind]?.(response, other)));
    const status = Number(/\d+/.exec(kind.split(', ').at(-1) ?? '')?.[0]);
    for (const [name, [create, accepts]] of Object.entries(channels)) {
      const outcome = await create({ origin }).send(sampleNotification(), stop);
      expect([name, outcome.status === 'sent']).toEqual([name, accepts.includes(status)]);
      expect(JSON.stringify(outcome)).not.toContain('canary');
    }
    expect(elsewhere).toEqual([]);
  });

  it('R8 an answer without end is not read to its end', async () => {
    let written = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const { origin } = await listen(
      createServer((_, response) => {
        response.writeHead(200);
        const write = (): void => {
          while (!response.destroyed && response.write(chunk)) written += chunk.length;
        };
        response.on('drain', write);
        write();
      }),
    );
    for (const [name, [create, accepts]] of Object.entries(channels)) {
      written = 0;
      const outcome = await create({ origin }).send(sampleNotification(), stop);
      expect([name, outcome.status === 'sent']).toEqual([name, accepts.includes(200)]);
      // What lies in the buffers of two sockets is on its way already.
      expect(written).toBeLessThan(16_000_000);
    }
  });
});

async function nobody(): Promise<string> {
  const { origin, close } = await listen(createTcpServer());
  await close();
  return origin;
}

async function plain(): Promise<string> {
  const { origin } = await listen(createServer());
  return origin.replace('http', 'https');
}

const addresses: Readonly<Record<string, () => Promise<string>>> = {
  'nobody listens': nobody,
  'its name is not known': async () => 'http://tidewatch.invalid',
  'it speaks no TLS': plain,
};

describe('R9 a connection that fails is ambiguous when the message may have arrived, and can be tried again otherwise', () => {
  const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
  const faults: Readonly<
    Record<string, readonly [wanted: 'ambiguous' | 'retryable', serve: (socket: Socket) => void]>
  > = {
    'takes the message and says nothing': ['ambiguous', (socket) => void socket.resume()],
    'drips an answer without end': [
      'ambiguous',
      (socket) => {
        socket.write(`${OK}content-length: 100000\r\n\r\n`);
        const drip = setInterval(() => socket.write('x'), 20);
        socket.once('close', () => clearInterval(drip));
      },
    ],
    'breaks off before it answers': [
      'ambiguous',
      (socket) => void socket.once('data', () => socket.destroy()),
    ],
    'breaks off within its answer': [
      'ambiguous',
      (socket) => void socket.once('data', () => socket.end(`${OK}content-length: 100\r\n\r\n{"errcode":0`)),
    ],
  };

  /** Sockets that are open; timers are the matter of R26. */
  const resources = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|TLS/.test(name));

  it.for(Object.keys(faults))('R9 a service that %s', async (kind) => {
    const before = resources().length;
    const [wanted, serve] = faults[kind] ?? ['retryable', () => {}];
    const { origin, close } = await listen(createTcpServer(serve));
    const begin = performance.now();
    await Promise.all(
      Object.entries(channels).map(async ([name, [create]]) => {
        const { status } = await create({ origin, timeoutMs: 150 }).send(sampleNotification(), stop);
        expect([name, status]).toEqual([name, wanted]);
      }),
    );
    // Bounded, whatever the machine is busy with; without a limit it would never end.
    expect(performance.now() - begin).toBeLessThan(4000);
    await close();
    await vi.waitFor(() => expect(resources().length).toBeLessThanOrEqual(before));
  });

  it.for(Object.keys(addresses))('R9 %s: nothing was sent, so it can be tried again', async (kind) => {
    const origin = (await addresses[kind]?.()) ?? '';
    for (const [name, [create]] of Object.entries(channels)) {
      const { status } = await create({ origin, timeoutMs: 2000 }).send(sampleNotification(), stop);
      expect([name, status]).toEqual([name, 'retryable']);
      await nextTurn();
    }
  });
});
