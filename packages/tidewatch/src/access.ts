import type { IncomingMessage } from 'node:http';

/**
 * Who may see the page, the metrics and the query API.
 *
 * `loopback`: this machine only. `any`: everybody who reaches the port; put your own guard in front. A
 * function decides for each request, such as by a token; what it throws counts as no.
 */
export type Access = 'loopback' | 'any' | ((request: IncomingMessage) => boolean | Promise<boolean>);

/** Whether a request may be answered. Never throws. */
export async function isAllowed(access: Access, request: IncomingMessage): Promise<boolean> {
  if (access === 'any') return true;
  if (access === 'loopback') return isLoopback(request.socket.remoteAddress);
  try {
    return await access(request);
  } catch {
    return false;
  }
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return plain === '::1' || plain.startsWith('127.');
}
