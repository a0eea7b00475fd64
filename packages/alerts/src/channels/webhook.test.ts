import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { sampleNotification } from '../testing/sample-notification.ts';
import { startHttpDouble } from '../testing/http-double.ts';
import { webhook } from './webhook.ts';

channelConformance('webhook', {
  it,
  create: ({ fetch, secret }) => webhook({ url: `https://hooks.example/${secret}`, fetch }),
});

it('speaks Alertmanager’s version 4', async () => {
  let sent: { url: unknown; init: RequestInit | undefined } | undefined;
  const channel = webhook({
    url: 'https://hooks.example/x',
    fetch: async (url, init) => {
      sent = { url, init };
      return new Response();
    },
  });
  await channel.send(sampleNotification(), new AbortController().signal);
  expect(JSON.parse(sent?.init?.body as string)).toMatchObject({
    version: '4',
    status: 'firing',
    receiver: 'team',
    truncatedAlerts: 0,
    commonLabels: { alertname: 'LowAccuracy' },
    alerts: [{ status: 'firing', endsAt: '0001-01-01T00:00:00Z', fingerprint: 'c9ee6f24c280786a' }],
  });
  expect(sent?.init).toMatchObject({ redirect: 'manual' });
});

it('refuses an address it cannot post to, without repeating it', () => {
  expect(() => webhook({ url: 'ftp://token@hooks.example' })).toThrow(
    'expected an http or https address, got the protocol ftp:',
  );
  expect(() => webhook({ url: 'no address with a t0ken' })).toThrow(
    /^channel webhook: url: expected an http or https address, got a text that is no address/,
  );
});

it('takes user and password of the address for a login, as Alertmanager does', async () => {
  const asked: unknown[] = [];
  await using server = await startHttpDouble(({ headers, url }) => {
    asked.push(headers['authorization'], url.pathname);
    return { status: 200, body: '' };
  });
  const url = server.origin.replace('://', '://user:p%40ss%@');
  const outcome = await webhook({ url: `${url}/hook` }).send(
    sampleNotification(),
    new AbortController().signal,
  );
  expect(outcome).toEqual({ status: 'sent' });
  expect(asked).toEqual([`Basic ${Buffer.from('user:p%40ss%').toString('base64')}`, '/hook']);
});

it('says that a redirecting address has to be mended, instead of repeating the message', async () => {
  await using server = await startHttpDouble(() => ({ status: 302, body: '' }));
  const outcome = await webhook({ url: server.origin }).send(
    sampleNotification(),
    new AbortController().signal,
  );
  expect(outcome).toMatchObject({ status: 'misconfigured', hint: expect.stringContaining('HTTP 302') });
});
