import { systemClock, type Clock } from '@tidewatch/core';
import type { Outcome } from '../delivery/outcome.ts';
import { testNotification } from '../messages/test-notification.ts';
import type { Channel, Notification, RateLimit, Verification, VerifyMode } from './channel.ts';
import { isAnswer, post, probe, type Answer } from './post.ts';

/** What every channel over HTTP can be told. */
export interface HttpChannelOptions {
  /** An attempt that takes longer has failed. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Label of the channel in logs and metrics. @defaultValue the name of the service */
  readonly name?: string;
  /** Whether recoveries are told. @defaultValue 'notify' */
  readonly resolved?: 'notify' | 'silent';
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
}

/** One POST. */
export interface ServiceRequest {
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is particular to a service. */
export interface Service {
  /** @defaultValue the option `name` of {@link HttpChannelOptions} */
  readonly name: string;
  readonly limit?: RateLimit;
  /** Where the service is; only its host is asked in a handshake. */
  readonly url: string | URL;
  /** The request for a notification, or why there is none. `nowMs` is the service's time, where it is known. */
  readonly compose: (notification: Notification, nowMs: number) => ServiceRequest | Outcome;
  /** What the answer means. */
  readonly judge: (answer: Answer, nowMs: number) => Outcome;
  /** Whether the answer refuses the time of the request: then the service's own time is used from then on. */
  readonly refusesTime?: (answer: Answer) => boolean;
  /** Whether the service's time is used from its first answer on. @defaultValue false */
  readonly followsTime?: boolean;
}

/** Clocks that differ by less than this are not the reason for a refusal. */
const CLOCK_SKEW_MS = 30_000;

/** A channel that makes one POST of a notification. */
export function httpChannel(options: HttpChannelOptions, service: Service): Channel {
  const { name = service.name, timeoutMs = 10_000, resolved = 'notify' } = options;
  const { fetch = globalThis.fetch, clock = systemClock } = options;
  const { limit, url, compose, judge, refusesTime, followsTime = false } = service;
  let skewMs = 0;

  async function send(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    const nowMs = clock.now();
    const request = compose(notification, nowMs + skewMs);
    if ('status' in request) return request.status === 'tooLarge' ? { ...request, asked: false } : request;
    const { url: address, body, headers = {} } = request;
    const answer = await post(address, { fetch, headers, body, timeoutMs, nowMs, signal });
    if (!isAnswer(answer)) return answer;
    const measuredMs = (answer.dateMs ?? nowMs) - nowMs;
    if (refusesTime?.(answer) === true && Math.abs(measuredMs - skewMs) > CLOCK_SKEW_MS) {
      skewMs = measuredMs;
      const seconds = Math.round(skewMs / 1000);
      const detail = `this clock differs from the service's by ${seconds} s; its time is used from now on`;
      return { status: 'retryable', detail, afterMs: 1000 };
    }
    if (followsTime) skewMs = measuredMs;
    return judge(answer, nowMs);
  }

  async function handshake(signal: AbortSignal): Promise<Verification> {
    const answer = await probe(url, { fetch, timeoutMs, signal });
    const ok = typeof answer === 'number';
    return {
      mode: 'handshake',
      ok,
      detail: ok ? `the service answers (HTTP ${answer})` : `not reachable (${answer})`,
    };
  }

  return {
    name,
    resolved,
    ...(limit === undefined ? {} : { limit }),
    send,
    async verify(mode, signal) {
      if (mode === 'handshake') return handshake(signal);
      const notification = testNotification(clock.now());
      if (mode === 'send') return verificationOf(mode, await send(notification, signal));
      const request = compose(notification, clock.now());
      if ('status' in request) return verificationOf(mode, request);
      return { mode, ok: true, detail: `a test message has ${Buffer.byteLength(request.body)} bytes` };
    },
  };
}

/** What an attempt to send says of a channel. */
export function verificationOf(mode: VerifyMode, outcome: Outcome): Verification {
  if (outcome.status === 'sent') return { mode, ok: true, detail: 'a test message was accepted' };
  const reason = outcome.status === 'misconfigured' ? outcome.hint : `${outcome.status}: ${outcome.detail}`;
  return { mode, ok: false, detail: reason };
}
