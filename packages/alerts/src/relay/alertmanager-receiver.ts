import { guardedLogger, silentLogger, type FetchHandler, type Logger } from '@tidewatch/core';
import { timingSafeEqual, createHash } from 'node:crypto';
import type { Alerting } from '../alerting.ts';
import { hopsOf } from './hops.ts';
import { readWebhook } from './read-webhook.ts';

export interface AlertmanagerReceiverOptions {
  /** What delivers: its receivers are those that can be addressed. */
  readonly alerting: Pick<Alerting, 'deliver'>;
  /** Takes what comes for a receiver that does not exist here. @defaultValue none: such a request is refused */
  readonly defaultReceiver?: string;
  /** Where it listens; `PATH/NAME` addresses a receiver by its name. @defaultValue '/alertmanager' */
  readonly path?: string;
  /** What Alertmanager must show in `authorization: Bearer …`. Secret. @defaultValue none */
  readonly token?: string;
  /** An alert that so many programs have handed on goes in a circle and is dropped. @defaultValue 4 */
  readonly maxHops?: number;
  /** Longest body that is read, in bytes. @defaultValue 4_194_304 */
  readonly maxBodyBytes?: number;
  readonly logger?: Logger;
}

/**
 * Takes what Alertmanager posts to a `webhook_configs`, so that its alerts reach DingTalk and the other channels.
 *
 * It goes to the receiver that the path names, else to the one that has Alertmanager's own name for it, else to
 * `defaultReceiver`. Answers 200 once the alerts are taken over, 503 when they are not yet, which Alertmanager
 * repeats; 400 alone for a body that is none, because Alertmanager gives up on 4xx.
 */
export function alertmanagerReceiver(options: AlertmanagerReceiverOptions): FetchHandler {
  const { alerting, defaultReceiver, token, maxHops = 4, maxBodyBytes = 4_194_304 } = options;
  const path = (options.path ?? '/alertmanager').replace(/\/$/, '');
  const logger = guardedLogger(options.logger ?? silentLogger);

  async function take(request: Request, name: string): Promise<Response> {
    if (request.method !== 'POST') return answer(405, 'POST alone');
    if (token !== undefined && !isEqual(request.headers.get('authorization') ?? '', `Bearer ${token}`))
      return answer(401, 'the bearer token is missing or wrong');
    const body = await readCapped(request, maxBodyBytes);
    if (body === undefined) return answer(413, `more than ${maxBodyBytes} bytes`);
    const group = readWebhook(body);
    if (group === undefined) return answer(400, "not Alertmanager's webhook, version 4");
    const alerts = group.alerts.filter(({ annotations }) => hopsOf(annotations) <= maxHops);
    const cut = group.alerts.length - alerts.length;
    if (cut > 0) logger.error({ alerts: cut, maxHops }, 'alerts that go in a circle were dropped');
    if (group.truncated > 0)
      logger.warn(
        { alerts: group.truncated },
        'Alertmanager left alerts out: raise max_alerts of its webhook',
      );
    const candidates = name === '' ? [group.receiver, defaultReceiver] : [name];
    for (const receiver of candidates) {
      if (receiver !== undefined && (await alerting.deliver(receiver, { ...group, alerts })))
        return answer(200, 'taken over');
    }
    return answer(404, 'there is no such receiver');
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== path && !pathname.startsWith(`${path}/`)) return undefined;
    try {
      return await take(request, nameIn(pathname.slice(path.length + 1)));
    } catch (error) {
      logger.error({ error }, 'alerts could not be taken over; Alertmanager will repeat them');
      return answer(503, 'not taken over, repeat it');
    }
  };
}

function nameIn(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function answer(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

async function readCapped(request: Request, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** In the same time, wherever the texts differ. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
