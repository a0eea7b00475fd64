import { expect, it } from 'vitest';
import { channelConformance } from '../testing/channel-conformance.ts';
import { closeAfter } from '../../test/close-after.ts';
import { startPagerdutyDouble } from '../testing/pagerduty-double.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { judgePagerdutyAnswer, pagerduty } from './pagerduty.ts';

const stop = new AbortController().signal;
const KEY = '0'.repeat(32);

channelConformance('pagerduty', {
  it,
  create: ({ fetch, secret }) => pagerduty({ routingKey: secret, fetch }),
  acceptedBody: '{"status":"success","dedup_key":"1"}',
  acceptedStatus: 202,
});

it('opens one incident a group, whatever is repeated, and its recovery closes it', async () => {
  const service = closeAfter(await startPagerdutyDouble(KEY));
  const channel = pagerduty({ routingKey: KEY, url: service.url });
  expect(await channel.send(sampleNotification(), stop)).toMatchObject({ status: 'sent' });
  await channel.send(sampleNotification({ possiblyRepeated: true }), stop);
  await channel.send(sampleNotification({ groupKey: `${sampleNotification().groupKey}#1#2` }), stop);
  expect(service.open.size).toBe(1);
  const alerts = [sampleAlert({ status: 'resolved', endsAtMs: 1_795_436_000_000 })];
  await channel.send(sampleNotification({ status: 'resolved', alerts }), stop);
  expect(service.open.size).toBe(0);
  expect(service.refused).toEqual([]);
});

it.for([
  ['critical', 'critical'],
  ['error', 'error'],
  ['page', 'warning'], // one that PagerDuty does not know
] as const)('severity %s is %s', async ([severity, wanted]) => {
  const service = closeAfter(await startPagerdutyDouble(KEY));
  const alerts = [sampleAlert({ labels: { alertname: 'A', severity } })];
  await pagerduty({ routingKey: KEY, url: service.url }).send(sampleNotification({ alerts }), stop);
  expect(service.received[0]?.payload.severity).toBe(wanted);
});

it('stays within what an event may hold, with 2,000 alerts and a summary of a megabyte', async () => {
  const service = closeAfter(await startPagerdutyDouble(KEY));
  const annotations = { summary: '准'.repeat(1_000_000), description: 'x'.repeat(5000) };
  const alerts = Array.from({ length: 2000 }, (_, index) =>
    sampleAlert({ fingerprint: String(index), annotations }),
  );
  const channel = pagerduty({ routingKey: KEY, url: service.url });
  expect(await channel.send(sampleNotification({ alerts }), stop)).toMatchObject({ status: 'sent' });
});

it.for([
  [202, '{"dedup_key":"k"}', 'sent'],
  [200, '{"dedup_key":"k"}', 'ambiguous'], // only 202 is documented
  [400, '{"errors":["Length of \'routing_key\' is incorrect"]}', 'misconfigured'],
  [400, '{"errors":["\'payload.summary\' is missing"]}', 'rejectedContent'],
  [429, '', 'throttled'],
  [500, '', 'retryable'],
] as const)('HTTP %i %s is %s', ([status, body, outcome]) => {
  expect(judgePagerdutyAnswer({ status, body }, 0).status).toBe(outcome);
});

it('refuses an empty key', () => {
  expect(() => pagerduty({ routingKey: ' ' })).toThrow('channel pagerduty: routingKey: must not be empty');
});
