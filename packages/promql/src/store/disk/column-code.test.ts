import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ABSENT, PRESENT, STALE } from '../stored-series.ts';
import { decodeColumn, encodeColumn } from './column-code.ts';

it.each([
  ['a constant', Array.from({ length: 480 }, () => 0.1 + 0.2), 15],
  ['a counter at a steady rate', Array.from({ length: 480 }, (_, at) => 1e9 + at * 30), 25],
  ['a gauge of two decimals', Array.from({ length: 480 }, (_, at) => (at % 50) / 100), 150],
  ['a full double', Array.from({ length: 480 }, (_, at) => Math.sin(at)), 3_600],
])('writes %s of 480 samples in few bytes', (_, list, atMost) => {
  const column = { values: Float64Array.from(list), flags: new Uint8Array(480).fill(PRESENT) };
  const bytes = encodeColumn(column);
  expect(bytes.length).toBeLessThanOrEqual(atMost);
  expect(decodeColumn(bytes, 480)).toEqual(column);
});

// Where the encodings meet: signed zero, the limits of exact differences, decimals that are not exact.
const awkward = fc.constantFrom(
  0,
  -0,
  Number.NaN,
  Infinity,
  -Infinity,
  2 ** 51,
  -(2 ** 51),
  2 ** 51 + 1,
  2 ** 53,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  0.1,
  0.30000000000000004,
  1e-6,
  1e-7,
  1.005,
);
const value = fc.oneof(
  awkward,
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer().map((n) => n / 1000),
);
const slot = fc.record({ value, flag: fc.constantFrom(PRESENT, PRESENT, PRESENT, STALE, ABSENT) });
const column = fc.oneof(
  fc.array(slot, { maxLength: 50 }),
  fc.array(
    value.map((each) => ({ value: each, flag: PRESENT })),
    { minLength: 1, maxLength: 50 },
  ),
  fc.array(
    awkward.map((each) => ({ value: each, flag: PRESENT })),
    { minLength: 1, maxLength: 3 },
  ),
);

it('reads back every bit, of whatever values and gaps', () => {
  fc.assert(
    fc.property(column, (slots) => {
      const flags = Uint8Array.from(slots, ({ flag }) => flag);
      const values = Float64Array.from(slots, (each) => (each.flag === PRESENT ? each.value : 0));
      const read = decodeColumn(encodeColumn({ values, flags }), slots.length);
      expect([...read.flags]).toEqual([...flags]);
      expect([...read.values].every((each, at) => Object.is(each, values[at]))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
