import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { isAllowed, mayChange, type Access } from './access.ts';

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

const token = 'sixteen-and-more';

it.for([
  // address       authorization          may   why the row is here
  ['127.0.0.1', undefined, true],
  ['10.0.0.7', `Bearer ${token}`, true],
  ['10.0.0.7', `bearer ${token}`, true], // the scheme is no matter of letters
  ['10.0.0.7', `Bearer ${token}x`, false],
  ['10.0.0.7', token, false],
  ['10.0.0.7', undefined, false],
] as const)('{ token }: %s with %s → %s', async ([address, authorization, may]) => {
  const headers = authorization === undefined ? {} : { authorization };
  expect(await isAllowed({ token }, requestFrom(address, headers))).toBe(may);
});

it.for([
  // access      address     headers                                             may   why the row is here
  ['any', '127.0.0.1', {}, true],
  ['any', '10.0.0.7', {}, false], // to be seen by all is not to be changed by all
  ['loopback', '127.0.0.1', { host: 'localhost:3000', origin: 'http://localhost:3000' }, true],
  ['loopback', '127.0.0.1', { host: 'localhost:3000', origin: 'https://elsewhere.example' }, false],
  ['loopback', '127.0.0.1', { host: 'localhost:3000', origin: 'http://localhost:8080' }, false], // another service here
  ['loopback', '127.0.0.1', { host: 'localhost:3000', origin: 'null' }, false], // a page that hides where it is from
  [{ token }, '10.0.0.7', { authorization: `Bearer ${token}` }, true],
  [() => true, '10.0.0.7', {}, true], // a function was asked about this very request
] as [Access, string, Record<string, string>, boolean][])(
  'a change under %j from %s with %j → %s',
  async ([access, address, headers, may]) => {
    expect(await mayChange(access, requestFrom(address, headers))).toBe(may);
  },
);
