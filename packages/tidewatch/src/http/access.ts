import type { IncomingMessage } from 'node:http';

/**
 * Who may see the page, the metrics and the query API.
 *
 * `loopback`: this machine only; a request that a proxy on this machine has forwarded is not from this machine.
 * `any`: everybody who reaches the port; put your own guard in front. A function decides for each request, such
 * as by a token: `true` lets it in, anything else and whatever it throws keeps it out.
 */
export type Access = 'loopback' | 'any' | ((request: IncomingMessage) => boolean | Promise<boolean>);

/** Headers in which a proxy names the client that it stands for. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

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
  return isLoopback(socket.remoteAddress) && !FORWARDING_HEADERS.some((name) => name in headers);
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return plain === '::1' || plain.startsWith('127.');
}
