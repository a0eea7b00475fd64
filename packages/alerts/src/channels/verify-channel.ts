import { systemClock, type Clock, type Locale } from '@tidewatch/core';
import { testNotification } from '../messages/test-notification.ts';
import type { Channel, Verification, VerifyMode } from './channel.ts';
import { verificationOf } from './http-channel.ts';

export interface VerifyChannelOptions {
  /** Of the test message. @defaultValue 'en' */
  readonly locale?: Locale;
  /** IANA name of the zone of its times. @defaultValue 'UTC' */
  readonly timeZone?: string;
  readonly clock?: Clock;
}

/**
 * Looks whether a channel would work. A test message goes the way of every other: same renderer, signature and
 * judgement of the answer. A channel without a `verify` of its own can only be sent to.
 *
 * @throws what the signal was aborted with.
 */
export async function verifyChannel(
  channel: Channel,
  mode: VerifyMode,
  signal: AbortSignal,
  { locale = 'en', timeZone = 'UTC', clock = systemClock }: VerifyChannelOptions = {},
): Promise<Verification> {
  if (mode === 'send')
    return verificationOf(mode, await channel.send(testNotification(clock.now(), locale, timeZone), signal));
  return (
    (await channel.verify?.(mode, signal)) ?? { mode, ok: true, detail: 'this channel has no such check' }
  );
}
