import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { toNodeHandler } from './node-handler.ts';
import { remoteAddressOf } from './remote-address.ts';

it('is the address of the socket', async () => {
  const handler = toNodeHandler(async (request) => new Response(remoteAddressOf(request)));
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const response = await fetch(`http://localhost:${(server.address() as AddressInfo).port}/`);
  expect(await response.text()).toBe('127.0.0.1');
});

it('is unknown of a request that was made in the process, and of a copy', () => {
  const request = new Request('http://localhost/', { headers: { host: 'localhost' } });
  expect(remoteAddressOf(request)).toBeUndefined();
  expect(remoteAddressOf(new Request(request))).toBeUndefined();
});
