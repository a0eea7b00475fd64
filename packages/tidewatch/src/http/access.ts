import type { IncomingMessage } from 'node:http';
import { loopbackRefusal } from '@tidewatch/core';

/**
 * Who may see the page, the metrics and the query API.
 *
 * `loopback`: this machine only, by its own name; a request that a proxy on this machine has forwarded is not from
 * this machine.
 * `any`: everybody who reaches the port; put your own guard in front. A function decides for each request, such
 * as by a token: `true` lets it in, anything else and whatever it throws keeps it out.
 */
export type Access = 'loopback' | 'any' | ((request: IncomingMessage) => boolean | Promise<boolean>);

/** Whether a request may be answered. Never rejects. */
export async function isAllowed(access: Access, request: IncomingMessage): Promise<boolean> {
  if (access === 'any') return true;
  if (access === 'loopback') return isFromThisMachine(request);
  try {
    const answer: unknown = await access(request);
    return answer === true;
  } catch {
    return false;
  }
}

function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  return loopbackRefusal(socket.remoteAddress, (name) => headers[name]?.toString()) === undefined;
}
