import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeAfter } from '../../test/close-after.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { email, type SmtpOptions } from './email.ts';

const stop = new AbortController().signal;

/** A real SMTP server on this machine, without STARTTLS unless asked for. */
async function startSmtp(options: SMTPServerOptions = {}) {
  const mails: { text: string; to: string[] }[] = [];
  const authentications: string[] = [];
  let secure = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth(auth, _, callback) {
      authentications.push(auth.username ?? '');
      if (auth.password === 'right') callback(null, { user: 'u' });
      else callback(new Error('wrong'));
    },
    onData(stream, session, callback) {
      secure = session.secure;
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
  return { mails, authentications, smtp, isSecure: () => secure, server, [Symbol.asyncDispose]: close };
}

const addresses = { from: 'Tidewatch <watch@example.org>', to: ['a@example.org', 'b@example.org'] };

it('R10 hands in text and HTML, escaped, with a Message-ID that stays the same', async () => {
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

it('R10 sends no password over a connection without TLS, unless it is allowed', async () => {
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
  [421, 'retryable'],
  [450, 'retryable'],
  [451, 'retryable'],
  [452, 'retryable'],
  [550, 'rejectedContent'],
  [552, 'tooLarge'],
  [554, 'rejectedContent'],
] as const)('R10 SMTP %i after the text is %s', async ([responseCode, status]) => {
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

it('R10 tells the recipients that were refused apart, and sends to those alone the next time', async () => {
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

describe('with a certificate of its own', () => {
  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

  it.skipIf(!hasOpenssl)(
    'STARTTLS protects the login, and a certificate of somebody else is refused (needs openssl)',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'smtp-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const [keyFile, certFile] = [join(folder, 'key'), join(folder, 'cert')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
      spawnSync('openssl', [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        keyFile,
        '-out',
        certFile,
        ...subject,
      ]);
      const [key, ca] = [await readFile(keyFile, 'utf8'), await readFile(certFile, 'utf8')];
      const server = closeAfter(
        await startSmtp({ disabledCommands: [], key, cert: ca, authMethods: ['PLAIN'] }),
      );
      const { host, port = 0 } = server.smtp;
      const login = { host, port, user: 'u', password: 'right' };
      const channel = email({ ...addresses, smtp: { ...login, ca } });
      expect(await channel.verify?.('handshake', stop)).toMatchObject({ ok: true });
      expect(server.mails).toEqual([]);
      expect(await channel.send(sampleNotification(), stop)).toEqual({ status: 'sent' });
      expect(server.isSecure()).toBe(true);
      server.authentications.length = 0;
      const stranger = await email({ ...addresses, smtp: login }).send(sampleNotification(), stop);
      expect(stranger.status).not.toBe('sent');
      expect(server.authentications).toEqual([]);
    },
  );
});

it('signs by DKIM, with a signature that covers the mail', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const server = closeAfter(await startSmtp());
  const dkim = { domainName: 'example.org', keySelector: 'tidewatch', privateKey };
  await email({ ...addresses, smtp: { ...server.smtp, dkim } }).send(sampleNotification(), stop);
  expect(server.mails[0]?.text).toMatch(
    /^DKIM-Signature: v=1; a=rsa-sha256;[^]*?d=example\.org;[^]*?s=tidewatch;/m,
  );
});

it('logs in by an OAuth2 token', async () => {
  const tokens: (string | undefined)[] = [];
  const server = closeAfter(
    await startSmtp({
      authMethods: ['XOAUTH2'],
      allowInsecureAuth: true,
      onAuth(auth, _, callback) {
        tokens.push(auth.accessToken);
        callback(null, { user: 'u' });
      },
    }),
  );
  const smtp = { ...server.smtp, oauth2: { user: 'watch@example.org', accessToken: 'token-1' } };
  expect(await email({ ...addresses, smtp }).send(sampleNotification(), stop)).toEqual({ status: 'sent' });
  expect(tokens).toEqual(['token-1']);
});

it('keeps its connections when asked to, and lets go of them when closed', async () => {
  let connections = 0;
  const server = closeAfter(
    await startSmtp({
      onConnect(_, callback) {
        connections++;
        callback();
      },
    }),
  );
  const channel = email({ ...addresses, smtp: { ...server.smtp, poolSize: 1 } });
  for (let count = 0; count < 4; count++) await channel.send(sampleNotification(), stop);
  expect([server.mails.length, connections]).toEqual([4, 1]);
  await channel.close?.();
});

it('R10 is ambiguous when the connection breaks after the text', async () => {
  const sockets = new Set<Socket>();
  const server = closeAfter(
    await startSmtp({
      onData(stream) {
        stream.resume();
        stream.on('end', () => sockets.forEach((socket) => socket.destroy()));
      },
    }),
  );
  server.server.server.on('connection', (socket: Socket) => sockets.add(socket));
  const outcome = await email({ ...addresses, smtp: server.smtp }).send(sampleNotification(), stop);
  expect(outcome.status).toBe('ambiguous');
});

it('verifies without sending, and names what to mend', async () => {
  const server = closeAfter(await startSmtp({ authMethods: ['PLAIN'], allowInsecureAuth: true }));
  const good = email({ ...addresses, smtp: { ...server.smtp, user: 'u', password: 'right' } });
  const bad = email({ ...addresses, smtp: { ...server.smtp, user: 'u', password: 'wrong' } });
  expect(await good.verify?.('static', stop)).toMatchObject({ mode: 'static', ok: true });
  expect(await good.verify?.('handshake', stop)).toMatchObject({ mode: 'handshake', ok: true });
  expect(await bad.verify?.('handshake', stop)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('password'),
  });
  expect(server.mails).toEqual([]);
  expect(await good.verify?.('send', stop)).toMatchObject({ mode: 'send', ok: true });
  expect(server.mails[0]?.text).toContain('This is a test');
});
