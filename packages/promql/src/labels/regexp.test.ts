import { expect, it } from 'vitest';
import { compileRegExp } from './regexp.ts';

it.each([
  // pattern     value     matches  why
  ['a', 'ab', false], //            anchored at the end
  ['b', 'ab', false], //            and at the start
  ['a|b', 'b', true],
  ['a|', '', true], //              an empty alternative
  ['a.c', 'a\nc', true], //         a dot is any character
  ['.*', '', true],
  ['.+', '', false],
  ['(?i)ABC', 'abc', true],
  ['[[:alpha:]]+', 'abc', true],
  ['\\d+', '12', true],
  ['\\Qa.c\\E', 'abc', false],
])('%s on %j: %s', (pattern, value, matches) => {
  expect(compileRegExp(pattern).matches(value)).toBe(matches);
});

it('answers in linear time what hangs a backtracking engine', () => {
  expect(compileRegExp('(a+)+b').matches('a'.repeat(20_000))).toBe(false);
});

it('refuses a pattern that takes long to compile', () => {
  expect(() => compileRegExp('a'.repeat(10_001))).toThrow('it has 10001 characters, the limit is 10000');
  expect(() => compileRegExp('((a{100}){100}){100}')).toThrow('invalid repeat count');
});

it('gives groups by number and name, the empty text for one that took no part', () => {
  const groups = compileRegExp('(?P<first>a)|(b)').groups('b');
  expect(groups?.numbered).toEqual(['b', '', 'b']);
  expect(groups?.named.get('first')).toBe('');
});
