import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that has never heard of pools. */
const server = createServer((_, response) => response.end(String(process.pid)));
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port, pid: process.pid }),
);
