import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Channel, Notification } from '../channels/channel.ts';
import type { OutcomeStatus } from '../delivery/outcome.ts';
import { sampleNotification } from './sample-notification.ts';

/** What a channel under test is built from. */
export interface ConformanceSetup {
  /** Builds the channel over a fake transport and a secret that it must not leak. */
  readonly create: (deps: { readonly fetch: typeof globalThis.fetch; readonly secret: string }) => Channel;
  /** The body with which the service accepts. @defaultValue '' */
  readonly acceptedBody?: string;
}

const SECRET = 's3cr3t-canary';

/** What every channel over HTTP must do. Third parties call it from their own vitest files. */
export function channelConformance(name: string, { create, acceptedBody = '' }: ConformanceSetup): void {
  const answering = (
    status: number,
    body: string,
    headers: Record<string, string> = {},
  ): typeof globalThis.fetch => {
    return async () => new Response(body, { status, headers });
  };
  const send = async (
    fetch: typeof globalThis.fetch,
    notification: Notification = sampleNotification(),
  ): Promise<unknown> =>
    await create({ fetch, secret: SECRET }).send(notification, new AbortController().signal);

  describe(`${name} as a channel`, () => {
    it('says sent when the service accepts', async () => {
      expect(await send(answering(200, acceptedBody))).toMatchObject({ status: 'sent' });
    });

    it.for([
      [500, ['retryable', 'ambiguous']],
      [502, ['retryable', 'ambiguous']],
      [503, ['retryable', 'ambiguous']],
      [429, ['throttled', 'retryable', 'ambiguous']],
      [401, ['misconfigured', 'retryable', 'rejectedContent', 'ambiguous']],
    ] as [number, OutcomeStatus[]][])('HTTP %i is never sent', async ([status, allowed]) => {
      expect(allowed).toContain(
        ((await send(answering(status, '<html>trouble</html>'))) as { status: string }).status,
      );
    });

    it('says that a host which is not there can be tried again', async () => {
      const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      const outcome = await send(async () => {
        throw new TypeError(`fetch failed for ${SECRET}`, { cause: refused });
      });
      expect(outcome).toMatchObject({ status: 'retryable' });
      expect(inspect(outcome, { depth: 9 })).not.toContain(SECRET);
    });

    it('says ambiguous when the answer is lost', async () => {
      const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      expect(
        await send(async () => {
          throw new TypeError('fetch failed', { cause: reset });
        }),
      ).toMatchObject({ status: 'ambiguous' });
    });

    it('gives up with the caller’s reason when aborted', async () => {
      const stop = AbortSignal.abort(new Error('shutting down'));
      const fetch: typeof globalThis.fetch = async (_, init) => {
        init?.signal?.throwIfAborted();
        return new Response(acceptedBody);
      };
      await expect(create({ fetch, secret: SECRET }).send(sampleNotification(), stop)).rejects.toThrow(
        'shutting down',
      );
    });

    it('has a name that can be a metric label', () => {
      expect(create({ fetch: answering(200, ''), secret: SECRET }).name).toMatch(/^[\w-]{1,40}$/);
    });
  });
}
