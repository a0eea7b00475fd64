import { ConfigError, systemClock, type Clock } from '@tidewatch/core';
import { createHmac, randomUUID } from 'node:crypto';
import { readReplicaState } from './read-replica-state.ts';
import type { ReplicaState, ScaleTarget } from './scale-target.ts';
import { settlingTarget } from './settling-target.ts';
import { TargetError, transportCode } from './target-error.ts';

export { TargetError } from './target-error.ts';
export type { ReplicaState, ScaleTarget } from './scale-target.ts';

export interface WebhookTargetOptions {
  /**
   * `GET` answers `{ "desired": 3, "ready": 2, "starting": 1, "draining": 0 }`; `POST` gets `{ "replicas": 3 }` and
   * answers 2xx when it has taken that up. May hold a secret: it appears in no error and no log.
   */
  readonly url: string;
  /** Sent with both, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs the body: `x-tidewatch-signature: sha256=…`, an HMAC in hexadecimal. @defaultValue unsigned */
  readonly secret?: string;
  /** Longest wait for one answer. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Further attempts of one change, all with the same `idempotency-key`. @defaultValue 3 */
  readonly retries?: number;
  /** Pause between two looks at a change under way, and before the first further attempt. @defaultValue 1000 */
  readonly pollMs?: number;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
}

/** Longest answer that is read. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Whatever answers HTTP: it is asked how many replicas there are, and told how many there shall be.
 *
 * A change may be told more than once, when its answer was lost; its `idempotency-key` stays the same.
 *
 * @throws {@link ConfigError} when the address is none.
 */
export function webhookTarget(options: WebhookTargetOptions): ScaleTarget {
  const { headers = {}, secret, timeoutMs = 10_000, retries = 3, pollMs = 1000 } = options;
  const { fetch = globalThis.fetch, clock = systemClock } = options;
  const url = checkedUrl(options.url);

  async function ask(init: RequestInit, signal: AbortSignal): Promise<string> {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, { ...init, signal: bounded, redirect: 'error' });
      text = await boundedText(response);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TargetError) throw error;
      throw new TargetError('unreachable', `webhook: cannot be reached (${transportCode(error)})`);
    }
    if (response.ok) return text;
    const code = response.status === 409 ? 'conflict' : response.status === 404 ? 'not-found' : 'refused';
    throw Object.assign(new TargetError(code, `webhook: answered HTTP ${response.status}`), {
      mayPass: response.status >= 500 || response.status === 429,
    });
  }

  async function observe(signal: AbortSignal): Promise<ReplicaState> {
    return readReplicaState(
      'webhook',
      await ask({ headers: { accept: 'application/json', ...headers } }, signal),
    );
  }

  async function change(replicas: number, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify({ replicas });
    const signature =
      secret === undefined
        ? {}
        : { 'x-tidewatch-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    const init = {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...signature,
        ...headers,
      },
    };
    for (let attempt = 0; ; attempt++) {
      try {
        await ask(init, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (attempt >= retries || !mayPass(error)) throw error;
      }
      await clock.sleep(pollMs * 2 ** attempt, signal);
    }
  }

  return settlingTarget({ name: 'webhook', observe, change, pause: (signal) => clock.sleep(pollMs, signal) });
}

/** Whether the same request may be answered otherwise a little later. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof TargetError &&
    (error.code === 'unreachable' || (error as { mayPass?: boolean }).mayPass === true)
  );
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new TargetError('bad-answer', `webhook: the answer is longer than ${MAX_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function checkedUrl(url: string): string {
  if (URL.canParse(url) && /^https?:/.test(url)) return url;
  throw new ConfigError('webhookTarget', [
    { code: 'out-of-range', path: 'url', problem: 'expected an http:// or https:// address' },
  ]);
}
