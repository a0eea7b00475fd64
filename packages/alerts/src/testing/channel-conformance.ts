import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { Channel } from '../channels/channel.ts';
import type { Outcome, OutcomeStatus } from '../delivery/outcome.ts';
import { sampleNotification } from './sample-notification.ts';

/** Registers one test: `it` of vitest or jest, `test` of node:test. */
export type RegisterTest = (title: string, run: () => Promise<void>) => unknown;

/** What a channel under test is built from. */
export interface ConformanceSetup {
  /** Builds the channel over a fake transport and a secret that it must not leak. */
  readonly create: (deps: { readonly fetch: typeof globalThis.fetch; readonly secret: string }) => Channel;
  /** The body with which the service accepts. @defaultValue '' */
  readonly acceptedBody?: string;
  /** The HTTP status with which the service accepts. @defaultValue 200 */
  readonly acceptedStatus?: number;
  /** @defaultValue `test` of node:test */
  readonly it?: RegisterTest;
}

const SECRET = 's3cr3t-canary';

/** An HTTP status, and what a channel may make of it when the body is no answer of the service. */
const statuses: readonly (readonly [number, readonly OutcomeStatus[]])[] = [
  [401, ['misconfigured', 'retryable', 'rejectedContent', 'ambiguous']],
  [429, ['throttled', 'retryable', 'ambiguous']],
  [500, ['retryable', 'ambiguous']],
  [503, ['retryable', 'ambiguous']],
];

/** What every channel over HTTP must do. A third party's test is one call, with its own `create`. */
export function channelConformance(name: string, setup: ConformanceSetup): void {
  const { create, acceptedBody = '', acceptedStatus = 200, it = test } = setup;
  const check = (title: string, run: () => Promise<void>): void => {
    it(`${name} as a channel: ${title}`, run);
  };
  const send = (fetch: typeof globalThis.fetch, signal = new AbortController().signal): Promise<Outcome> =>
    create({ fetch, secret: SECRET }).send(sampleNotification(), signal);

  check('has a name that can be a metric label', async () => {
    assert.match(create({ fetch: answering(200, ''), secret: SECRET }).name, /^[\w-]{1,40}$/);
  });

  check('says sent when the service accepts', async () => {
    assert.equal((await send(answering(acceptedStatus, acceptedBody))).status, 'sent');
  });

  for (const [status, allowed] of statuses) {
    check(`HTTP ${status} is never sent`, async () => {
      const outcome = await send(answering(status, '<html>trouble</html>'));
      assert.ok(allowed.includes(outcome.status), `got ${outcome.status}, expected ${allowed.join(' or ')}`);
    });
  }

  check('says that a host which is not there can be tried again, without its address', async () => {
    const outcome = await send(failing('ECONNREFUSED'));
    assert.equal(outcome.status, 'retryable');
    assert.ok(!inspect(outcome, { depth: 9 }).includes(SECRET));
  });

  check('says ambiguous when the answer is lost', async () => {
    assert.equal((await send(failing('ECONNRESET'))).status, 'ambiguous');
  });

  check('is verified without a message, and without showing its secret', async () => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const { url, method } = new Request(input, { method: init?.method ?? 'GET' });
      asked.push(`${method} ${url}`);
      return failing('ECONNREFUSED')(input, init);
    };
    const { signal } = new AbortController();
    const channel = create({ fetch, secret: SECRET });
    const found = [await channel.verify?.('static', signal), await channel.verify?.('handshake', signal)];
    assert.ok(!inspect([asked, found], { depth: 9 }).includes(SECRET));
    assert.ok(!asked.some((request) => request.startsWith('POST')), 'only `send` may post');
    if (asked.length > 0) assert.equal(found[1]?.ok, false);
  });

  check('gives up with the caller’s reason when aborted', async () => {
    const fetch: typeof globalThis.fetch = async (_, init) => {
      init?.signal?.throwIfAborted();
      return new Response(acceptedBody);
    };
    await assert.rejects(send(fetch, AbortSignal.abort(new Error('shutting down'))), /shutting down/);
  });
}

function answering(status: number, body: string): typeof globalThis.fetch {
  return async () => new Response(body, { status });
}

/** A transport that fails as undici does, and quotes the secret as a careless one would. */
function failing(code: string): typeof globalThis.fetch {
  return async () => {
    const cause = Object.assign(new Error(`${code} ${SECRET}`), { code });
    throw new TypeError(`fetch failed for ${SECRET}`, { cause });
  };
}
