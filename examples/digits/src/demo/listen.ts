import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { UsageError } from './demo-options.ts';

/**
 * Listens on this machine only and returns the port.
 *
 * @throws {@link UsageError} when the port is taken.
 */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw new UsageError(`--port ${port}: ${message}`);
    throw new UsageError(
      `port ${port} is in use; stop what uses it, or choose another: npm run demo -- --port 0`,
    );
  }
  return (server.address() as AddressInfo).port;
}

/** A port that was free a moment ago, for workers that have to know it before they listen. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
