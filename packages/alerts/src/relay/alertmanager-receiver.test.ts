import { manualClock } from '@tidewatch/core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { toAlertmanagerV4 } from '../channels/alertmanager-v4.ts';
import { alertmanager } from '../channels/alertmanager.ts';
import { createAlerting } from '../create-alerting.ts';
import { collector } from '../testing/collector.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { alertmanagerReceiver, type AlertmanagerReceiverOptions } from './alertmanager-receiver.ts';

const START = Date.parse('2026-11-23T12:00:00Z');

/** An alerting without rules, and the receiver in front of it. */
async function relay(parts: Partial<AlertmanagerReceiverOptions> = {}) {
  const channels = { team: collector(), night: collector() };
  const clock = manualClock(START);
  const alerting = await createAlerting({
    rules: [],
    query: async () => [],
    route: { receiver: 'team' },
    receivers: { team: [channels.team], night: [channels.night] },
    clock,
  });
  onTestFinished(() => alerting.close());
  const receive = alertmanagerReceiver({ alerting, ...parts });
  const post = async (body: unknown, path = '/alertmanager', headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await receive(new Request(`http://h${path}`, { method: 'POST', body: text, headers }));
    await alerting.evaluate(clock.now());
    return response?.status;
  };
  return { ...channels, alerting, receive, post };
}

const webhook = (parts: object = {}) => ({ ...toAlertmanagerV4(sampleNotification(), 0), ...parts });

it('R24 hands a group on, whatever fields are new in it, with its own times and without inventing a value', async () => {
  const { post, team } = await relay();
  expect(await post(webhook({ notification_reason: 'first', routeLabels: {} }))).toBe(200);
  expect(team.notifications).toMatchObject([
    {
      reason: 'relayed',
      status: 'firing',
      alerts: [
        {
          fingerprint: 'c9ee6f24c280786a',
          value: undefined,
          startsAtMs: sampleAlert().startsAtMs,
          annotations: { tidewatch_hops: '1' },
        },
      ],
    },
  ]);
  expect(team.notifications[0]?.alerts[0]).not.toHaveProperty('endsAtMs');
});

it.for([
  ['/alertmanager', 'team', 200, 'team'],
  ['/alertmanager', 'night', 200, 'night'],
  ['/alertmanager/night', 'team', 200, 'night'],
  ['/alertmanager/nobody', 'team', 404, undefined],
  ['/alertmanager', 'nobody', 404, undefined],
  ['/other', 'team', undefined, undefined],
] as const)('POST %s for %s: %s, to %s', async ([path, receiver, status, told]) => {
  const { post, ...channels } = await relay();
  expect(await post(webhook({ receiver }), path)).toBe(status);
  for (const name of ['team', 'night'] as const)
    expect(channels[name].notifications).toHaveLength(told === name ? 1 : 0);
});

it('gives what nobody asked for to the default receiver', async () => {
  const { post, night } = await relay({ defaultReceiver: 'night' });
  expect(await post(webhook({ receiver: 'dingtalk-relay' }))).toBe(200);
  expect(night.notifications).toHaveLength(1);
});

it.for([
  ['{', 400],
  ['[]', 400],
  [{ version: '3' }, 400],
  [webhook({ alerts: [{ status: 'firing', labels: { a: 1 }, startsAt: 'x' }] }), 400],
] as const)('%j is answered %i', async ([body, status]) => {
  const { post, team } = await relay();
  expect(await post(body)).toBe(status);
  expect(team.notifications).toEqual([]);
});

it('R24 says so when Alertmanager has left alerts out, and takes a recovery for one', async () => {
  const said: object[] = [];
  const say = (fields: object): void => void said.push(fields);
  const logger = { debug: say, info: say, warn: say, error: say };
  const { post, team } = await relay({ logger });
  const resolved = sampleNotification({
    status: 'resolved',
    alerts: [sampleAlert({ status: 'resolved', endsAtMs: START })],
  });
  expect(await post({ ...toAlertmanagerV4(resolved, 0), truncatedAlerts: 7 })).toBe(200);
  expect(said).toContainEqual({ alerts: 7 });
  expect(team.notifications).toMatchObject([{ status: 'resolved', alerts: [{ endsAtMs: START }] }]);
});

it('wants the token, in full', async () => {
  const { post } = await relay({ token: 'right' });
  expect(await post(webhook())).toBe(401);
  expect(await post(webhook(), '/alertmanager', { authorization: 'Bearer wrong' })).toBe(401);
  expect(await post(webhook(), '/alertmanager', { authorization: 'Bearer right' })).toBe(200);
});

it('reads no body without end', async () => {
  const { post } = await relay({ maxBodyBytes: 100 });
  expect(await post('x'.repeat(101))).toBe(413);
});

it('R24 answers 503 when it cannot take over, so that Alertmanager repeats', async () => {
  const failing = alertmanagerReceiver({
    alerting: { deliver: async () => Promise.reject(new Error('disk full')) },
  });
  const response = await failing(
    new Request('http://h/alertmanager', { method: 'POST', body: JSON.stringify(webhook()) }),
  );
  expect(response?.status).toBe(503);
});

it('R24 breaks a circle: what came from Alertmanager is not pushed to it, and what goes round is dropped', async () => {
  const { post, team } = await relay({ maxHops: 2 });
  await post(webhook());
  const [received] = team.notifications;
  const push = alertmanager({ url: 'http://am.example', fetch: async () => new Response() });
  const signal = new AbortController().signal;
  expect(await push.send({ ...sampleNotification(), ...received }, signal)).toMatchObject({
    status: 'misconfigured',
  });
  for (const [round, told] of [1, 2, 2].entries()) {
    const last = team.notifications.at(-1) ?? sampleNotification();
    if (round > 0) await post({ ...toAlertmanagerV4(last, 0), receiver: 'team' });
    expect(team.notifications).toHaveLength(told);
  }
});
