import { silentLogger } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import type { Channel, NotifiedAlert, Notification } from '../channels/channel.ts';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { createOutbox, type Attempt } from './outbox.ts';
import type { Outcome } from './outcome.ts';

const HOUR = 3_600_000;

/** An outbox with one channel whose answers the test gives, one after the other; then it accepts. */
function outboxWith(answers: unknown[], sendTimeoutMs = 60_000, maxEntries = 500) {
  const clock = manualClock(1_000_000);
  const sent: Notification[] = [];
  const attempts: Attempt[] = [];
  const channel: Channel = {
    name: 'channel',
    async send(notification) {
      sent.push(notification);
      const answer = answers.length > 0 ? answers.shift() : { status: 'sent' };
      return (await answer) as Outcome;
    },
  };
  const outbox = createOutbox({
    channels: [channel],
    clock,
    logger: silentLogger,
    random: () => 0.5,
    onAttempt: (attempt) => attempts.push(attempt),
    wake: () => {},
    sendTimeoutMs,
    maxEntries,
  });
  return {
    clock,
    sent,
    attempts,
    outbox,
    enqueue: (notification: Notification) => outbox.enqueue(channel, notification, clock.now()),
    pump: async (): Promise<number | undefined> => {
      const nextMs = outbox.pump(clock.now());
      await outbox.settled();
      return nextMs;
    },
  };
}

const alertOf = (fingerprint: string, status: NotifiedAlert['status'] = 'firing'): NotifiedAlert =>
  sampleAlert({ fingerprint, status, labels: { alertname: fingerprint } });

const groupOf = (groupKey: string, ...alerts: NotifiedAlert[]): Notification =>
  sampleNotification({ id: groupKey, groupKey, alerts });

it.for([
  [undefined, 'nothing at all'],
  [null, 'null'],
  ['ok', 'a text'],
  [{ status: 'done' }, 'a status that is none'],
])('takes %j for an answer that nobody understands (%s): not sent, tried again', async ([answer]) => {
  const { enqueue, pump, outbox, attempts } = outboxWith([answer]);
  enqueue(sampleNotification());
  await pump();
  expect(attempts).toMatchObject([{ outcome: { status: 'ambiguous' }, consequence: 'try-again' }]);
  expect(outbox.waiting().get('channel')?.count).toBe(1);
});

it.for([
  { status: 'retryable', detail: '', afterMs: Number.NaN },
  { status: 'retryable', detail: '', afterMs: 0 },
  { status: 'retryable', detail: '', afterMs: -5 },
  { status: 'throttled', detail: '', untilMs: Number.NaN },
  { status: 'throttled', detail: '', untilMs: 0 },
] satisfies Outcome[])('never tries again at once: %j', async (answer) => {
  const { enqueue, pump, clock } = outboxWith([answer]);
  enqueue(sampleNotification());
  await pump();
  expect(await pump()).toBeGreaterThan(clock.now());
});

it('a channel that hangs for ever is given up on, and the next attempt is made', async () => {
  const { enqueue, pump, attempts } = outboxWith([new Promise(() => {})], 10);
  enqueue(sampleNotification());
  await pump();
  expect(attempts).toMatchObject([{ outcome: { status: 'ambiguous' }, consequence: 'try-again' }]);
});

it('tells no old word on an alert after the newer one: the failed message was in flight meanwhile', async () => {
  const { enqueue, outbox, clock, sent, pump } = outboxWith([{ status: 'retryable', detail: '' }]);
  enqueue(groupOf('g', alertOf('a'), alertOf('b')));
  outbox.pump(clock.now());
  enqueue(groupOf('g', alertOf('a', 'resolved')));
  await outbox.settled();
  for (let round = 0; round < 3; round++) {
    await pump();
    await clock.advance(HOUR / 60);
  }
  expect(
    sent.slice(1).map(({ alerts }) => alerts.map(({ fingerprint, status }) => `${fingerprint} ${status}`)),
  ).toEqual([['a resolved', 'b firing']]);
});

it('tells no old word on an alert after the newer one: the older message is a digest', async () => {
  const failing = { status: 'retryable', detail: '', afterMs: HOUR } as const;
  const { enqueue, sent, pump, clock } = outboxWith([failing]);
  enqueue({ ...groupOf('digest:x', alertOf('a'), alertOf('b')), kind: 'digest' });
  await pump();
  enqueue(groupOf('g', alertOf('a', 'resolved')));
  await pump();
  await clock.advance(HOUR);
  await pump();
  expect(sent.slice(1).map(({ alerts }) => alerts.map(({ fingerprint }) => fingerprint))).toEqual([
    ['a'],
    ['b'],
  ]);
});

it('does not give up a fresh alert because it was merged with one that is too old', async () => {
  const misconfigured = { status: 'misconfigured', hint: '' } as const;
  const { enqueue, pump, clock, attempts } = outboxWith([misconfigured, misconfigured]);
  enqueue(groupOf('g', alertOf('a')));
  await pump();
  await clock.advance(3 * HOUR);
  enqueue(groupOf('g', alertOf('b')));
  await pump();
  expect(attempts.map(({ consequence }) => consequence)).toEqual(['paused', 'paused']);
});

it('sends a digest to everybody, though one of its parts waits for a single recipient', async () => {
  const { enqueue, pump, sent, clock, outbox } = outboxWith(
    [{ status: 'partial', ok: ['recipient-1'], failed: ['recipient-2'], detail: '' }],
    60_000,
    190,
  );
  enqueue(groupOf('first', alertOf('a')));
  await pump();
  for (let index = 0; index < 190; index++) enqueue(groupOf(`g${index}`, alertOf(`b${index}`)));
  expect(outbox.waiting().get('channel')?.count).toBe(1);
  await clock.advance(HOUR);
  await pump();
  expect(sent[1]?.alerts).toHaveLength(191);
  expect(sent[1]?.recipients).toBeUndefined();
});
