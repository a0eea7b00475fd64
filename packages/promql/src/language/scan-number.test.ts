import { expect, it } from 'vitest';
import { parse } from './parse.ts';

const BAD = 'bad number or duration syntax: ';

// Each as Prometheus 3.5.3 answers it.
it.each([
  ['100..4', `1:1: parse error: ${BAD}"100.."`, 'a point after a point'],
  ['1.2.3', `1:1: parse error: ${BAD}"1.2."`, 'a second point'],
  ['1._2', `1:1: parse error: ${BAD}"1._"`, 'no digit after the point'],
  ['0deadbeef', `1:1: parse error: ${BAD}"0de"`, 'a unit inside a word'],
  ['12ab', `1:1: parse error: ${BAD}"12"`, 'no unit at all'],
  ['0x1.5', `1:1: parse error: ${BAD}"0x1."`, 'a fraction of a hexadecimal number'],
  ['0xg', `1:1: parse error: ${BAD}"0x"`, 'no hexadecimal digit'],
  ['1e5e6', `1:1: parse error: ${BAD}"1e5e"`, 'a second exponent'],
  ['1e+', `1:1: parse error: ${BAD}"1e+"`, 'an exponent without digits'],
  ['1__2', `1:1: parse error: ${BAD}"1__"`, 'an empty group of digits'],
  ['5m1y', `1:1: parse error: ${BAD}"5m1"`, 'years only come first'],
  ['foo[1m9g4d]', `1:5: parse error: ${BAD}"1m9"`, 'a letter that is no unit'],
  ['5m1h', '1:1: parse error: not a valid duration string: "5m1h"', 'units that grow'],
  ['1s1s', '1:1: parse error: not a valid duration string: "1s1s"', 'a unit twice'],
  ['foo[5y1hs]', '1:5: parse error: unknown unit "hs" in duration "5y1hs"', 'units grown together'],
  ['3.4s', '1:1: parse error: unknown unit "." in duration "3.4s"', 'a fraction of a duration'],
  ['1000y', '1:1: parse error: duration out of range', 'more than 292 years'],
  [
    '99999999999999999999s',
    '1:1: parse error: not a valid duration string: "99999999999999999999s"',
    'above 64 bits',
  ],
  [
    '0x',
    '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "0x": invalid syntax',
    'a prefix alone',
  ],
  [
    'foo[1_]',
    '1:5: parse error: error parsing number: strconv.ParseFloat: parsing "1_": invalid syntax',
    'nothing after it',
  ],
  [
    '1e400',
    '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e400": value out of range',
    'too large',
  ],
  ['1m.', "1:3: parse error: unexpected character: '.'", 'a point that begins no number'],
])('refuses %s with %s: %s', (text, message) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ message }) as Error);
});

it.each([
  ['1.', 1],
  ['.5', 0.5],
  ['0x_1F', 31],
  ['1_000.25', 1000.25],
  ['28E+4_6', 28e46],
  ['1h30m', 5_400],
  ['1d12ms', 86_400.012],
  ['292y', 292 * 365 * 86_400],
  ['08', 8],
])('reads %s', (text, value) => {
  expect(parse(text)).toMatchObject({ kind: 'number', value });
});
