import type { Locale } from '@tidewatch/core';
import type { Notification } from '../channels/channel.ts';
import { catalogue } from './catalogue.ts';

/** The message by which a person sees that a channel works; it says that it is a test. */
export function testNotification(nowMs: number, locale: Locale = 'en', timeZone = 'UTC'): Notification {
  const { testSummary } = catalogue[locale];
  return {
    id: `test-${nowMs}`,
    kind: 'group',
    receiver: 'test',
    groupKey: `test:${nowMs}`,
    status: 'firing',
    reason: 'first-notification',
    groupLabels: {},
    alerts: [
      {
        fingerprint: nowMs.toString(16).padStart(16, '0'),
        status: 'firing',
        labels: { alertname: 'TidewatchTest', severity: 'info' },
        annotations: { summary: testSummary },
        value: 1,
        firingValue: 1,
        activeAtMs: nowMs,
        startsAtMs: nowMs,
        expr: 'vector(1)',
      },
    ],
    merged: 1,
    createdAtMs: nowMs,
    locale,
    timeZone,
    externalUrl: '',
    possiblyRepeated: false,
    plain: false,
  };
}
