import { describe, expect, it } from 'vitest';
import { createApi, type ApiOptions } from './api.ts';
import { guardIssues, refusalOf } from './guard.ts';

it('answers what is made inside this process, and nothing that only claims to come from here', async () => {
  expect(await refusalOf(new Request('http://localhost/'), {})).toBeUndefined();
  const claimed = new Request('http://localhost/', { headers: { host: 'localhost' } });
  expect(await refusalOf(claimed, {})).toBe('not-loopback');
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
