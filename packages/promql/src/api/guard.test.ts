import { describe, expect, it } from 'vitest';
import { createApi, type ApiOptions } from './api.ts';
import { guardIssues, loopbackRefusal, refusalOf } from './guard.ts';

it.for([
  // address               headers                                        refused           why the row is here
  ['127.0.0.1', { host: 'localhost:3000' }, undefined],
  ['127.8.8.8', { host: '127.0.0.1:3000' }, undefined], // the whole block is this machine
  ['::1', { host: '[::1]:3000' }, undefined],
  ['::ffff:127.0.0.1', { host: 'LOCALHOST' }, undefined], // IPv4 on a dual-stack socket
  ['127.0.0.1', { host: 'grafana.localhost:80' }, undefined], // browsers resolve it themselves
  ['127.0.0.1', {}, undefined], // HTTP/1.0 by hand: no browser
  [undefined, {}, undefined], // made inside the process
  ['10.0.0.7', { host: 'localhost' }, 'not-loopback'], // anybody can write a host
  ['::ffff:10.0.0.7', { host: 'localhost' }, 'not-loopback'],
  [undefined, { host: 'localhost' }, 'not-loopback'], // an adapter that does not tell: unknown is not local
  ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '10.0.0.7' }, 'not-loopback'], // a proxy here
  ['127.0.0.1', { host: 'localhost', forwarded: 'for=10.0.0.7' }, 'not-loopback'],
  ['127.0.0.1', { host: 'localhost', 'x-real-ip': '10.0.0.7' }, 'not-loopback'],
  ['127.0.0.1', { host: 'rebound.example:3000' }, 'foreign-host'], // a page that points its name here
  ['127.0.0.1', { host: 'localhost.example' }, 'foreign-host'],
  ['127.0.0.1', { host: '127.0.0.1.example' }, 'foreign-host'],
  ['127.0.0.1', { host: '' }, 'foreign-host'],
] as const)('from %s with %j: %s', ([address, headers, refusal]) => {
  expect(loopbackRefusal(new Headers(headers), address)).toBe(refusal);
});

describe('a token', () => {
  const token = 'correct horse battery';
  it.for([
    ['Bearer correct horse battery', undefined],
    ['bearer  correct horse battery', undefined], // the scheme has no case
    ['Bearer correct horse batterx', 'no-token'],
    ['Bearer correct horse battery staple', 'no-token'],
    ['Basic correct horse battery', 'no-token'],
    ['Bearer', 'no-token'],
    ['', 'no-token'],
  ] as const)('in %j: %s', async ([authorization, refusal]) => {
    const request = new Request('http://metrics.example/', { headers: { authorization } });
    expect(await refusalOf(request, { token })).toBe(refusal);
  });
});

it.for<[answer: string, authorize: ApiOptions['authorize'], refusal: string | undefined]>([
  ['yes', () => true, undefined],
  ['yes, later', async () => true, undefined],
  ['no', () => false, 'not-authorized'],
  ['nothing', (() => {}) as never, 'not-authorized'], // truthy or absent is not yes
  ['a text', (() => 'denied') as never, 'not-authorized'],
  [
    'an error',
    () => {
      throw new Error('no session store');
    },
    'not-authorized',
  ],
])('a function that answers %s', async ([, authorize, refusal]) => {
  const request = new Request('http://x/', { headers: { host: 'metrics.example' } });
  expect(await refusalOf(request, { authorize: authorize as () => boolean })).toBe(refusal);
});

it('refuses options that open the door by mistake', () => {
  expect(guardIssues({ token: 'x'.repeat(16) })).toEqual([]);
  expect(guardIssues({ token: '' })).toMatchObject([{ path: 'token' }]);
  expect(guardIssues({ token: 'x'.repeat(16), authorize: () => true })).toMatchObject([{ path: 'token' }]);
  const parts = { engine: { instant: () => {} }, store: { series: () => [] } } as never as ApiOptions;
  expect(() => createApi({ ...parts, token: 'short' })).toThrow(
    'createApi: token: expected a text of 16 characters or more',
  );
});
