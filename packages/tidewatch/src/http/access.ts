import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { loopbackRefusal } from '@tidewatch/core';

/**
 * Who may see the page, the metrics and the query API, and who may silence alerts.
 *
 * - `loopback`: this machine only, by its own name; a request that a proxy on this machine has forwarded is not from
 *   this machine.
 * - `{ token }`: this machine, and whoever shows `authorization: Bearer …` with this text of at least 16 characters.
 * - `any`: everybody who reaches the port may look; put your own guard in front. Silences are taken from this machine
 *   alone.
 * - A function decides for each request, those that change something included: `true` lets it in, anything else and
 *   whatever it throws keeps it out.
 */
export type Access =
  | 'loopback'
  | 'any'
  | { readonly token: string }
  | ((request: IncomingMessage) => boolean | Promise<boolean>);

/** Whether a request may be answered. Never rejects. */
export async function isAllowed(access: Access, request: IncomingMessage): Promise<boolean> {
  if (access === 'any') return true;
  if (access === 'loopback') return isFromThisMachine(request);
  if (typeof access === 'object') return isFromThisMachine(request) || hasToken(request, access.token);
  try {
    const answer: unknown = await access(request);
    return answer === true;
  } catch {
    return false;
  }
}

/**
 * Whether a request may change something. Never rejects.
 *
 * What a page of another place makes a browser on this machine send is not the wish of who sits here.
 */
export async function mayChange(access: Access, request: IncomingMessage): Promise<boolean> {
  return !isOfForeignPage(request) && isAllowed(access === 'any' ? 'loopback' : access, request);
}

function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  return loopbackRefusal(socket.remoteAddress, (name) => headers[name]?.toString()) === undefined;
}

/** In the same time, wherever the texts differ. */
function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const [, given] = /^Bearer +(.+)$/i.exec(headers.authorization ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isOfForeignPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase());
}
