import { expect, it } from 'vitest';
import { sampleAlert, sampleNotification } from '../testing/sample-notification.ts';
import { laneOf, type Entry } from './entry.ts';
import { planSend } from './plan-send.ts';

const NOW = 1_000_000;
const limit = { count: 10, perMs: 60_000 };

function waiting(count: number, severity = 'warning'): Entry[] {
  return Array.from({ length: count }, () => {
    const notification = sampleNotification({ alerts: [sampleAlert({ labels: { severity } })] });
    return {
      notification,
      lane: laneOf(notification),
      enqueuedAtMs: 0,
      refreshedAtMs: 0,
      notBeforeMs: 0,
      attempts: 0,
    };
  });
}

it.for([
  // waiting                                    sent  then      reason                why the row is here
  [[], 0, 'rest', 'empty', ''],
  [waiting(1), 0, 'send', 'in-order', ''],
  [waiting(9), 0, 'send', 'in-order', 'one of ten is left for what matters'],
  [waiting(10), 0, 'digest', 'more-than-the-limit', 'ten would leave nothing'],
  [waiting(1), 9, 'digest', 'more-than-the-limit', 'the reserve may carry everything at once'],
  [waiting(1), 10, 'wait', 'limit', 'never one more than the limit'],
  [[...waiting(20), ...waiting(1, 'critical')], 9, 'send', 'critical-first', 'critical before the digest'],
  [waiting(20, 'critical'), 5, 'digest', 'more-than-the-limit', 'a storm of critical ones is a digest too'],
] as const)('%# with %i attempts in the window: %s (%s)', ([entries, attempts, action, reason]) => {
  const attemptsAtMs = Array.from({ length: attempts }, () => NOW - 1);
  expect(planSend({ entries, attemptsAtMs, limit, pausedUntilMs: 0 }, NOW)).toMatchObject({ action, reason });
});

it('waits until the oldest attempt has left the window', () => {
  const attemptsAtMs = Array.from({ length: 10 }, (_, index) => NOW - 50_000 + index);
  expect(planSend({ entries: waiting(1), attemptsAtMs, limit, pausedUntilMs: 0 }, NOW)).toMatchObject({
    untilMs: NOW + 10_000,
  });
});

it('is quiet while the channel is paused', () => {
  expect(
    planSend({ entries: waiting(1, 'critical'), attemptsAtMs: [], limit, pausedUntilMs: NOW + 5 }, NOW),
  ).toMatchObject({
    action: 'wait',
    untilMs: NOW + 5,
    reason: 'paused',
  });
});

it('does not put together again what was too large for one message', () => {
  const plan = planSend(
    { entries: waiting(20), attemptsAtMs: [], limit, pausedUntilMs: 0, mostAlerts: 8 },
    NOW,
  );
  expect(plan).toMatchObject({ action: 'digest' });
  expect(plan.action === 'digest' && plan.entries).toHaveLength(8);
});
