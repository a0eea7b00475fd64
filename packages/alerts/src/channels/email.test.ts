import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { email, type SmtpOptions } from './email.ts';

const stop = new AbortController().signal;

/** A real SMTP server on this machine, without STARTTLS unless asked for. */
async function startSmtp(options: SMTPServerOptions = {}) {
  const mails: { text: string; to: string[] }[] = [];
  const authentications: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth(auth, _, callback) {
      authentications.push(auth.username ?? '');
      if (auth.password === 'right') callback(null, { user: 'u' });
      else callback(new Error('wrong'));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          text: Buffer.concat(chunks).toString(),
          to: session.envelope.rcptTo.map(({ address }) => address),
        });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  const smtp: SmtpOptions = { host: '127.0.0.1', port, requireTls: false };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
  return { mails, authentications, smtp, [Symbol.asyncDispose]: close };
}

const addresses = { from: 'Tidewatch <watch@example.org>', to: ['a@example.org', 'b@example.org'] };

it('hands in text and HTML, escaped, with a Message-ID that stays the same', async () => {
  const server = closeAfter(await startSmtp());
  const channel = email({ ...addresses, smtp: server.smtp });
  const notification = sampleNotification({ alerts: [sampleAlert({ annotations: { summary: '<b>&' } })] });
  expect(await channel.send(notification, stop)).toEqual({ status: 'sent' });
  await channel.send(notification, stop);
  const [first, second] = server.mails;
  expect(first?.to).toEqual(addresses.to);
  expect(first?.text).toContain('&lt;b&gt;&amp;');
  expect(first?.text).toMatch(/^Subject: .*Firing.*critical/m);
  const idOf = (text = ''): string | undefined => /^Message-ID: (.*)$/m.exec(text)?.[1];
  expect(idOf(first?.text)).toBe(idOf(second?.text));
});

it('sends no password over a connection without TLS, unless it is allowed', async () => {
  const server = closeAfter(await startSmtp({ authMethods: ['PLAIN'] }));
  const smtp = { ...server.smtp, user: 'u', password: 'right' };
  const { requireTls: _, ...strict } = smtp;
  expect(await email({ ...addresses, smtp: strict }).send(sampleNotification(), stop)).toMatchObject({
    status: 'misconfigured',
    hint: expect.stringContaining('STARTTLS'),
  });
  expect(server.authentications).toEqual([]);
});

it('names what to mend when the login is refused, and no secret', async () => {
  const server = closeAfter(await startSmtp({ authMethods: ['PLAIN'], allowInsecureAuth: true }));
  const smtp = { ...server.smtp, user: 'user-canary', password: 'password-canary' };
  const outcome = await email({ ...addresses, smtp }).send(sampleNotification(), stop);
  expect(outcome).toMatchObject({ status: 'misconfigured' });
  expect(inspect(outcome)).not.toContain('canary');
});

it.for([
  [451, 'retryable'],
  [552, 'tooLarge'],
  [554, 'rejectedContent'],
] as const)('SMTP %i after the text is %s', async ([responseCode, status]) => {
  const server = closeAfter(
    await startSmtp({
      onData(stream, _, callback) {
        stream.resume();
        stream.on('end', () => callback(Object.assign(new Error('no'), { responseCode })));
      },
    }),
  );
  expect((await email({ ...addresses, smtp: server.smtp }).send(sampleNotification(), stop)).status).toBe(
    status,
  );
});

it('tells the recipients that were refused apart, and sends to those alone the next time', async () => {
  const server = closeAfter(
    await startSmtp({
      onRcptTo({ address }, _, callback) {
        callback(address.startsWith('b') ? Object.assign(new Error('no'), { responseCode: 450 }) : null);
      },
    }),
  );
  const channel = email({ ...addresses, smtp: server.smtp });
  const outcome = await channel.send(sampleNotification(), stop);
  expect(outcome).toMatchObject({ status: 'partial', ok: ['recipient-1'], failed: ['recipient-2'] });
  await channel.send(sampleNotification({ recipients: ['recipient-1'] }), stop);
  expect(server.mails[1]?.to).toEqual(['a@example.org']);
});

it('knows a refused recipient again, however its domain is written', async () => {
  const transport = {
    sendMail: async () => ({ accepted: ['a@example.org'], rejected: ['b@example.org'] }),
  };
  const channel = email({ from: 'w@example.org', to: ['a@example.org', 'b@Example.ORG'], transport });
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({ failed: ['recipient-2'] });
  const unknown = email({ from: 'w@example.org', to: ['a@bücher.example'], transport });
  expect(await unknown.send(sampleNotification(), stop)).toMatchObject({ failed: ['recipient-1'] });
});

it('can be tried again when nobody listens', async () => {
  const server = await startSmtp();
  await server[Symbol.asyncDispose]();
  expect(await email({ ...addresses, smtp: server.smtp }).send(sampleNotification(), stop)).toMatchObject({
    status: 'retryable',
  });
});

/** Closes what a test has started, whether it passes or not. */
function closeAfter<T extends AsyncDisposable>(started: T): T {
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}
