import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatGoFixed, formatGoFloat, parseGoFloat, parseGoNumber } from './go-number.ts';

it.each([
  [0, '0'],
  [-0, '-0'],
  [0.1, '0.1'],
  [1e20, '100000000000000000000'],
  [1e21, '1e+21'], //      from here with an exponent
  [1e-6, '0.000001'],
  [1e-7, '1e-07'], //      two digits, unlike JavaScript
  [-1.5e-300, '-1.5e-300'],
  [Number.NaN, 'NaN'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
])('%d is written %s', (value, text) => {
  expect(formatGoFloat(value)).toBe(text);
});

it.each([
  [1e21, '1000000000000000000000'],
  [-1.5e21, '-1500000000000000000000'],
  [1e-7, '0.0000001'],
  [1.25e-8, '0.0000000125'],
  [Infinity, '+Inf'],
])('%d is written %s without exponent', (value, text) => {
  expect(formatGoFixed(value)).toBe(text);
});

it('loses no bit in either format', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatGoFloat(value))).toBe(value);
      expect(Number(formatGoFixed(value))).toBe(value);
    }),
  );
});

it.each([
  ['0755', 493], //         octal, as Go reads integers
  ['089', 89], //           no octal digits: decimal
  ['0x_1f', 31],
  ['-.5e1', -5],
  ['1_000', 1000],
  ['+inf', Infinity],
  ['1e999', undefined], //  too large is no number
  ['', undefined],
  ['.', undefined],
  ['1 ', undefined],
])('%j is the number %d', (text, value) => {
  expect(parseGoNumber(text)).toBe(value);
});

it('reads a bucket bound as decimal even with a leading zero', () => {
  expect(parseGoFloat('010')).toBe(10);
  expect(parseGoFloat('0.010')).toBe(0.01);
});
