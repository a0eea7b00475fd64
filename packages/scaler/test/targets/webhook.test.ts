import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { webhookTarget, type WebhookTargetOptions } from '../../src/targets/webhook.ts';
import { targetConformance } from '../../src/testing/target-conformance.ts';

const never = new AbortController().signal;
const SECRET = 'canary-secret';

/** A scaler behind HTTP that holds requests against what was promised. */
async function receiver(options: Partial<WebhookTargetOptions> = {}) {
  const state = { desired: 1, ready: 1 };
  const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
  /** Status of the next answers to a change; the change is made all the same, as after a lost answer. */
  const answers: number[] = [];
  const keys = new Set<string>();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.headers['authorization'] !== `Bearer ${SECRET}`) {
      response.writeHead(401).end();
    } else if (request.method === 'GET') {
      response.end(JSON.stringify(state));
    } else {
      seen.push({ headers: request.headers, body });
      const key = String(request.headers['idempotency-key']);
      if (!keys.has(key)) {
        keys.add(key);
        state.desired = (JSON.parse(body) as { replicas: number }).replicas;
        setTimeout(() => (state.ready = state.desired), 20);
      }
      response.writeHead(answers.shift() ?? 202).end();
    }
  }
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${SECRET}`;
  const headers = { authorization: `Bearer ${SECRET}` };
  const target = webhookTarget({ url, headers, pollMs: 5, ...options });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return { target, state, seen, answers, keys, close };
}

targetConformance('webhook', {
  it,
  create: async () => {
    const { target, close } = await receiver();
    return { ...target, close };
  },
});

it('tells a change again with the same key when its answer was lost, and it is made once', async () => {
  const { target, answers, seen, keys, close } = await receiver();
  onTestFinished(close);
  answers.push(500, 429);
  await target.scaleTo(3, never);
  expect([seen.length, keys.size]).toEqual([3, 1]);
  await target.scaleTo(2, never);
  expect(keys.size).toBe(2); // another change, another key
});

it('signs the body', async () => {
  const { target, seen, close } = await receiver({ secret: SECRET });
  onTestFinished(close);
  await target.scaleTo(2, never);
  const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: '' }] = seen;
  const expected = createHmac('sha256', SECRET).update(body).digest('hex');
  expect(headers['x-tidewatch-signature']).toBe(`sha256=${expected}`);
});

it.for([
  // what it does                              code            asked      why
  [{ answers: [400] }, 'refused', 1], //                                  it will not change its mind
  [{ answers: [500, 500, 500, 500] }, 'refused', 4],
  [{ wrongToken: true }, 'refused', 0],
] as const)('gives up on %o: %s', async ([what, code, asked]) => {
  const options = 'wrongToken' in what ? { headers: { authorization: 'Bearer wrong-canary-secret' } } : {};
  const { target, answers, seen, close } = await receiver(options);
  onTestFinished(close);
  if ('answers' in what) answers.push(...what.answers);
  const error: unknown = await target.scaleTo(2, never).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'TargetError', code });
  expect(seen).toHaveLength(asked);
  expect(inspect(error, { depth: 9 })).not.toContain(SECRET);
});

it.for([
  ['<html>', 'is not JSON'],
  ['{"desired":3}', 'lacks "ready"'],
  ['{"desired":3,"ready":-1}', 'has no count in "ready"'],
  ['{"desired":"3","ready":3}', 'has no count in "desired"'],
  ['null', 'is no object'],
] as const)('takes %s for no count: %s', async ([body, text]) => {
  const fetch = async (): Promise<Response> => new Response(body);
  const target = webhookTarget({ url: 'http://127.0.0.1:1/', fetch });
  await expect(target.observe(never)).rejects.toMatchObject({
    code: 'bad-answer',
    message: expect.stringContaining(text),
  });
});

it('does not wait for an answer that does not come, and does not say where', async () => {
  const fetch: typeof globalThis.fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
    });
  const target = webhookTarget({ url: `http://h/?token=${SECRET}`, timeoutMs: 10, retries: 0, fetch });
  const error: unknown = await target.observe(never).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'unreachable', message: 'webhook: cannot be reached (timed out)' });
});

it('refuses an address that is none, without repeating it', () => {
  expect(() => webhookTarget({ url: `ftp://${SECRET}` })).toThrow('expected an http:// or https:// address');
  expect(() => webhookTarget({ url: `ftp://${SECRET}` })).not.toThrow(SECRET);
});
