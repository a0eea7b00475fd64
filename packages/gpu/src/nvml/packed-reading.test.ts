import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Reading } from '../device/reading.ts';
import { MOST_NUMBERS, readReading, writeReading } from './packed-reading.ts';

const value = fc.double({ noNaN: true, noDefaultInfinity: true });
const reading: fc.Arbitrary<Reading | undefined> = fc.oneof(
  fc.constant(undefined),
  value.map((number) => ({ ok: true, kind: 'point', value: number }) as const),
  fc
    .tuple(value, fc.nat(), value)
    .map(([mean, n, max]) => ({ ok: true, kind: 'mean', value: mean, n, max }) as const),
  fc.tuple(value, fc.nat()).map(([mean, n]) => ({ ok: true, kind: 'mean', value: mean, n }) as const),
  value.map((mean) => ({ ok: true, kind: 'mean', value: mean }) as const),
  fc.constantFrom('unsupported', 'lost', 'not-visible').map((why) => ({ ok: false, why }) as const),
  fc.nat(999).map((code) => ({ ok: false, why: 'error', code }) as const),
);

const emptyRow = (length: number) => ({
  forms: '',
  letter: 0,
  numbers: new Float64Array(length),
  number: 0,
});

it('carries every row of readings unchanged, one letter each', () => {
  fc.assert(
    fc.property(fc.array(reading), (readings) => {
      const row = emptyRow(readings.length * MOST_NUMBERS);
      for (const one of readings) writeReading(row, one);
      expect(row.forms).toHaveLength(readings.length);
      const back = { ...row, letter: 0, number: 0 };
      expect(readings.map(() => readReading(back))).toEqual(readings);
    }),
  );
});

it('makes a reading or none of any letters and numbers', () => {
  fc.assert(
    fc.property(fc.string(), fc.float64Array(), (forms, numbers) => {
      const row = { forms, letter: 0, numbers, number: 0 };
      for (let i = 0; i <= forms.length; i++) {
        const one = readReading(row);
        expect(one?.ok !== true || Number.isFinite(one.value)).toBe(true);
      }
    }),
  );
});

it('makes no number of what is none', () => {
  const row = emptyRow(MOST_NUMBERS);
  writeReading(row, { ok: true, kind: 'point', value: Number.NaN });
  expect(readReading({ ...row, letter: 0, number: 0 })).toEqual({ ok: false, why: 'error' });
});
