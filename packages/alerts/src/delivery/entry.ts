import type { Notification } from '../channels/channel.ts';

/** A notification waiting for one channel. */
export interface Entry {
  readonly notification: Notification;
  /** Critical entries go first, and are kept longest. */
  readonly lane: 'critical' | 'normal';
  /** When it was put in; a merged entry has the time of its oldest part. */
  readonly enqueuedAtMs: number;
  /** When its newest part was put in: an entry is given up by the age of its news. */
  readonly refreshedAtMs: number;
  readonly notBeforeMs: number;
  readonly attempts: number;
  /** It was given to another channel as well, because this one does not work. */
  readonly fellBack?: boolean;
}

/** The lane of a notification: critical when one of its alerts is. */
export function laneOf({ alerts }: Notification): Entry['lane'] {
  return alerts.some(({ labels }) => labels['severity'] === 'critical') ? 'critical' : 'normal';
}
