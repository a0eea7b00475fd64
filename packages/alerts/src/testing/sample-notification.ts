import type { NotifiedAlert, Notification } from '../channels/channel.ts';

/** A notification with one firing alert, for the tests of channels; any part can be replaced. */
export function sampleNotification(parts: Partial<Notification> = {}): Notification {
  return {
    id: 'root-0000000000000001-1795435800000',
    kind: 'group',
    receiver: 'team',
    groupKey: 'root:0000000000000001',
    status: 'firing',
    reason: 'first-notification',
    groupLabels: {},
    alerts: [sampleAlert()],
    merged: 1,
    createdAtMs: 1_795_435_800_000,
    locale: 'en',
    timeZone: 'Asia/Shanghai',
    externalUrl: '',
    possiblyRepeated: false,
    plain: false,
    ...parts,
  };
}

/** One firing alert of a classifier; any part can be replaced. */
export function sampleAlert(parts: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    fingerprint: 'c9ee6f24c280786a',
    status: 'firing',
    labels: { alertname: 'LowAccuracy', severity: 'critical', model: 'digits' },
    annotations: { summary: 'Accuracy is 0.8' },
    value: 0.8,
    firingValue: 0.8,
    activeAtMs: 1_795_435_200_000,
    startsAtMs: 1_795_435_800_000,
    expr: 'classification_accuracy < 0.85',
    ...parts,
  };
}
