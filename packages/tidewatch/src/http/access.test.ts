import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { isAllowed, type Access } from './access.ts';

function requestFrom(
  remoteAddress: string | undefined,
  headers: Record<string, string> = {},
): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

it.for([
  // address                 headers                             may   why the row is here
  ['127.0.0.1', {}, true],
  ['127.0.0.1', { host: 'localhost:3000' }, true],
  ['127.0.0.1', { host: 'rebound.example:3000' }, false], // a page that points its name here
  ['10.0.0.7', {}, false],
  [undefined, {}, false], // the socket is gone: unknown is not local
  ['127.0.0.1', { 'x-forwarded-for': '10.0.0.7' }, false], // a proxy here makes every client look local
] as const)('loopback: %s with %j → %s', async ([address, headers, may]) => {
  expect(await isAllowed('loopback', requestFrom(address, headers))).toBe(may);
});

it.for([
  // what a host may pass        may   why the row is here
  ['any', 'any', true],
  ['a function that says yes', () => true, true],
  ['a function that says yes later', async () => true, true],
  ['a function that says no', () => false, false],
  [
    'a function that throws',
    () => {
      throw new Error('no session store');
    },
    false,
  ], // no answer is no
  [
    'a function that rejects',
    async () => {
      throw new Error('no session store');
    },
    false,
  ],
  ['a function that forgets to return', (() => {}) as unknown as Access, false],
  ['a function that answers a text', (() => 'denied') as unknown as Access, false], // truthy is not yes
] as [string, Access, boolean][])('%s', async ([, access, may]) => {
  expect(await isAllowed(access, requestFrom('10.0.0.7'))).toBe(may);
});
