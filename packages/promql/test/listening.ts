import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a free port, of loopback by default, that ends with its disposal. */
export async function listening(
  listener: RequestListener,
  host = '127.0.0.1',
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer(listener).listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
