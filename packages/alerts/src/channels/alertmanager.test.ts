import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { alertmanager, type AlertmanagerOptions } from './alertmanager.ts';

const stop = new AbortController().signal;
const NOW = Date.parse('2026-11-23T12:10:00Z');

channelConformance('alertmanager', {
  it,
  create: ({ fetch, secret }) => alertmanager({ url: `https://am.example/${secret}`, fetch }),
});

/** What is posted for a notification. */
async function pushed(parts: Partial<AlertmanagerOptions>, notification = sampleNotification()) {
  let request: { url: string; alerts: Record<string, any>[] } | undefined;
  const channel = alertmanager({
    url: 'http://am.example:9093',
    clock: manualClock(NOW),
    fetch: async (url, init) => {
      request = { url: new Request(url).url, alerts: JSON.parse(init?.body as string) };
      return new Response();
    },
    ...parts,
  });
  return { outcome: await channel.send(notification, stop), ...request };
}

it.for([
  ['http://am.example:9093', 'http://am.example:9093/api/v2/alerts'],
  ['http://am.example/prefix', 'http://am.example/prefix/api/v2/alerts'],
  ['http://am.example/prefix/', 'http://am.example/prefix/api/v2/alerts'],
] as const)('%s is asked at %s', async ([url, asked]) => {
  expect((await pushed({ url })).url).toBe(asked);
});

it('holds a firing alert for a day, so that silence is not a recovery, and ends a resolved one when it ended', async () => {
  const ended = sampleAlert({
    status: 'resolved',
    endsAtMs: NOW - 60_000,
    labels: { alertname: 'B', empty: '' },
  });
  const { alerts } = await pushed({}, sampleNotification({ alerts: [sampleAlert(), ended] }));
  expect(alerts?.map(({ endsAt }) => endsAt)).toEqual([
    '2026-11-24T12:10:00.000Z',
    '2026-11-23T12:09:00.000Z',
  ]);
  expect(alerts?.[1]?.['labels']).toEqual({ alertname: 'B' });
});

it('leaves out an address that Alertmanager would refuse', async () => {
  expect((await pushed({})).alerts?.[0]).not.toHaveProperty('generatorURL');
  const { alerts } = await pushed({}, sampleNotification({ externalUrl: 'https://monitor.example' }));
  expect(alerts?.[0]?.['generatorURL']).toMatch(/^https:\/\/monitor\.example\/graph\?/);
});

it.for([
  [undefined, 1, 'sent', '1'],
  ['1', 1, 'misconfigured', undefined],
  ['1', 2, 'sent', '2'],
  ['not a number', 1, 'misconfigured', undefined], // somebody wrote it: counted as one
] as const)('an alert handed on %s times, of at most %i, is %s', async ([hops, maxHops, status, marked]) => {
  const annotations = hops === undefined ? {} : { tidewatch_hops: hops };
  const { outcome, alerts } = await pushed(
    { maxHops },
    sampleNotification({ alerts: [sampleAlert({ annotations })] }),
  );
  expect(outcome.status).toBe(status);
  expect(alerts?.[0]?.['annotations']['tidewatch_hops']).toBe(marked);
});

it('ends an alert in Alertmanager’s past, also when its clock is behind: an end in the future is passed over', async () => {
  const ends: string[] = [];
  const channel = alertmanager({
    url: 'http://am.example',
    clock: manualClock(NOW),
    fetch: async (_, init) => {
      ends.push((JSON.parse(init?.body as string) as { endsAt: string }[])[0]?.endsAt ?? '');
      return new Response('', { headers: { date: new Date(NOW - 30_000).toUTCString() } });
    },
  });
  const alerts = [sampleAlert({ status: 'resolved', endsAtMs: NOW })];
  await channel.send(sampleNotification(), stop);
  await channel.send(sampleNotification({ status: 'resolved', alerts }), stop);
  expect(Date.parse(ends[1] ?? '')).toBeLessThan(NOW - 30_000);
});
