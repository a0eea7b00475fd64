import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteLabel, quoteText, writeJson, writeTime } from './go-json.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\b\f\n\r\t\v\u0000\u001f\u007f', '<a>&</a>', '\u2028\u2029', '"\\/', '\ud83d\ude00', 'é'),
);

it('writes text that any JSON parser reads back', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(JSON.parse(quoteText(text))).toBe(text);
      expect(JSON.parse(quoteLabel(text))).toBe(text);
    }),
    { seed: 1 },
  );
});

it('keeps what could end a script out of everything but labels', () => {
  expect(quoteText('</script>\u2028')).toBe(String.raw`"\u003c/script\u003e\u2028"`);
  expect(quoteLabel('<\b>')).toBe(String.raw`"<\u0008>"`);
});

it('writes any value as JSON.stringify does, but for the escapes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse([...writeJson(value)].join(''))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 2 },
  );
  const date = new Date(0);
  expect([...writeJson({ a: undefined, b: [], c: {}, date })].join('')).toBe(
    '{"b":[],"c":{},"date":"1970-01-01T00:00:00.000Z"}',
  );
});

it.each([
  [0, '0'],
  [1_700_000_000_000, '1700000000'],
  [1_700_000_000_500, '1700000000.500'],
  [1_700_000_000_001, '1700000000.001'],
  [-1, '-0.001'],
  [-1500, '-1.500'],
])('%i ms is the time %s', (timeMs, text) => {
  expect(writeTime(timeMs)).toBe(text);
});
