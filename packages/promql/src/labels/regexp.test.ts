import fc from 'fast-check';
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
  ['10\\.0:9|b', '10.0:9', true], // escaped punctuation is the character
  ['10\\.0:9|b', '10x0:9', false],
  ['a\\|b', 'a|b', true], //       an escaped bar is no alternative
  ['a\\|b', 'a', false],
  ['\\\\|b', '\\', true], //       an escaped backslash before a bar
  ['\\t', '\t', true], //         a letter after a backslash is no letter
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

it.for([
  ['a|b', 'words'],
  ['10\\.0\\.0\\.1:9100|10\\.0\\.0\\.2:9100', 'what Grafana writes for a choice of several'],
  ['.*', 'anything'],
] as const)('needs no automaton for %s: %s', ([pattern]) => {
  expect(compileRegExp(pattern).size).toBe(0);
});

it('accepts the words that the automaton accepts', () => {
  const part = fc.constantFrom(
    'a',
    'B',
    '1',
    '-',
    ':',
    '/',
    '\\.',
    '\\-',
    '\\\\',
    '|',
    ' ',
    'é',
    '😀',
    '\\😀',
  );
  const text = fc.array(fc.constantFrom('a', 'B', '1', '-', ':', '.', '\\', '|', ' ', 'é', '😀'), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), text, (parts, characters) => {
      const pattern = parts.join('');
      // The group makes no difference to what matches, but needs the automaton.
      const outcome = (regexp: string): boolean | 'refused' => {
        try {
          return compileRegExp(regexp).matches(characters.join(''));
        } catch {
          return 'refused';
        }
      };
      expect(outcome(pattern)).toBe(outcome(`(?:${pattern})`));
    }),
    { numRuns: 2_000, seed: 7 },
  );
});

it('gives groups by number and name, the empty text for one that took no part', () => {
  const groups = compileRegExp('(?P<first>a)|(b)').groups('b');
  expect(groups?.numbered).toEqual(['b', '', 'b']);
  expect(groups?.named.get('first')).toBe('');
});
