import type { Channel, NotifiedAlert, Notification } from '../channels/channel.ts';
import { MAX_DIGEST_ALERTS } from './merge.ts';

/** What a message says besides its alerts. */
export type MessageFrame = Pick<
  Notification,
  'receiver' | 'groupKey' | 'groupLabels' | 'reason' | 'locale' | 'timeZone' | 'externalUrl'
>;

/** The messages that tell a channel of a group: one, or parts of a very large group; none when it is not told. */
export function toMessages(
  frame: MessageFrame,
  alerts: readonly NotifiedAlert[],
  channel: Channel,
  nowMs: number,
): readonly Notification[] {
  const told = channel.resolved === 'silent' ? alerts.filter(({ status }) => status === 'firing') : alerts;
  const id = `${frame.groupKey.replaceAll(/[^\w]+/g, '-')}-${nowMs}`;
  const count = Math.ceil(told.length / MAX_DIGEST_ALERTS);
  return Array.from({ length: count }, (_, index): Notification => {
    const part = told.slice(index * MAX_DIGEST_ALERTS, (index + 1) * MAX_DIGEST_ALERTS);
    return {
      ...frame,
      kind: 'group',
      id: count === 1 ? id : `${id}-${index + 1}`,
      groupKey: count === 1 ? frame.groupKey : `${frame.groupKey}#${index + 1}`,
      status: part.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
      alerts: part,
      merged: 1,
      createdAtMs: nowMs,
      possiblyRepeated: false,
      plain: false,
    };
  });
}
