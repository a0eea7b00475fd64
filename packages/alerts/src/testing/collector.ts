import type { Channel, Notification } from '../channels/channel.ts';
import type { Outcome } from '../delivery/outcome.ts';

/** A channel that keeps what it is sent. */
export interface Collector extends Channel {
  /** Accepted notifications, oldest first. */
  readonly notifications: readonly Notification[];
}

export interface CollectorOptions {
  /** Label in logs and metrics. @defaultValue 'collector' */
  readonly name?: string;
  /** What to answer; absent or `undefined`: sent. */
  readonly answer?: (notification: Notification, attempt: number) => Outcome | undefined;
  /** What it declares about its pace, as a real channel does. @defaultValue none */
  readonly limit?: Channel['limit'];
}

/** A channel for tests: accepts everything, or answers what the test says. */
export function collector({ name = 'collector', answer, limit }: CollectorOptions = {}): Collector {
  const notifications: Notification[] = [];
  let attempts = 0;
  return {
    name,
    ...(limit === undefined ? {} : { limit }),
    notifications,
    async send(notification, signal) {
      signal.throwIfAborted();
      const outcome = answer?.(notification, ++attempts) ?? { status: 'sent' };
      if (outcome.status === 'sent') notifications.push(notification);
      return outcome;
    },
  };
}
