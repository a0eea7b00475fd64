import { expect, it } from 'vitest';
import { pageOf, readRulePage, type RulePage } from './rule-pages.ts';

const groups = ['a', 'b', 'c'].map((name) => ({ name, file: 'rules.yml', rules: [{}] }));

it('leads through all groups, page by page', () => {
  const seen: string[][] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const page = pageOf(groups, { limit: 2, token });
    seen.push(page.groups.map(({ name }) => String(name)));
    token = page.groupNextToken;
  }
  expect(seen).toEqual([['a', 'b'], ['c']]);
});

it('has the tokens of Prometheus', () => {
  // SHA-1 of `rules.yml;b`.
  expect(pageOf(groups, { limit: 1, token: '' }).groupNextToken).toBe(
    '373838dd048033d27c4ae12d5a2c970c7e98c6ff',
  );
});

it('says when a token is of no group', () => {
  expect(() => pageOf(groups, { limit: 1, token: 'abc' })).toThrow(
    `invalid parameter "group_next_token": invalid group_next_token 'abc'. were rule groups changed?`,
  );
});

// Each as Prometheus 3.5.3 answers it.
it.for<[query: string, expected: RulePage | undefined | string]>([
  ['', undefined],
  ['group_limit=2', { limit: 2, token: '' }],
  ['group_limit=%2B2&group_next_token=x', { limit: 2, token: 'x' }],
  ['group_limit=0', 'invalid parameter "group_limit": group_limit needs to be greater than 0'],
  ['group_limit=-1', 'invalid parameter "group_limit": group_limit needs to be greater than 0'],
  [
    'group_limit=1.5',
    'invalid parameter "group_limit": group_limit needs to be a valid number: strconv.ParseInt: parsing "1.5": invalid syntax',
  ],
  [
    'group_limit=99999999999',
    'invalid parameter "group_limit": group_limit needs to be a valid number: strconv.ParseInt: parsing "99999999999": value out of range',
  ],
  [
    'group_next_token=abc',
    'invalid parameter "group_next_token": group_limit needs to be present in order to paginate over the groups',
  ],
])('reads %s', ([query, expected]) => {
  const read = (): unknown => readRulePage(new URLSearchParams(query));
  if (typeof expected === 'string') expect(read).toThrow(expected);
  else expect(read()).toEqual(expected);
});
