import type { Reading, ReadingFailure } from '../device/reading.ts';

/** What a reading is, as one letter; the numbers that belong to it lie in a row of their own. */
const ABSENT = '-';
const POINT = 'p';
const MEAN = 'm';
const MEAN_OF_N = 'n';
const MEAN_WITH_MAX = 'x';

/** Those that are missing, by capital letter; their number is the driver's code, where it gave one. */
const failureForms: Readonly<Record<ReadingFailure, string>> = {
  unsupported: 'U',
  denied: 'D',
  lost: 'L',
  'not-implemented': 'I',
  'not-ready': 'R',
  'not-visible': 'V',
  timeout: 'T',
  error: 'E',
};
const failures = new Map(
  Object.entries(failureForms).map(([why, form]) => [form, why as ReadingFailure] as const),
);

/** Readings one after the other, a letter for each and the numbers of all, and where the next one goes or comes from. */
export interface ReadingRow {
  forms: string;
  letter: number;
  readonly numbers: Float64Array;
  number: number;
}

/** Numbers that one reading takes at most. */
export const MOST_NUMBERS = 3;

/** Adds a reading, or that there is none. The numbers must have room for {@link MOST_NUMBERS} more. */
export function writeReading(row: ReadingRow, reading: Reading | undefined): void {
  const { numbers } = row;
  if (reading === undefined) row.forms += ABSENT;
  else if (!reading.ok) {
    row.forms += failureForms[reading.why];
    numbers[row.number++] = reading.code ?? Number.NaN;
  } else {
    numbers[row.number++] = reading.value;
    if (reading.kind === 'point') row.forms += POINT;
    else if (reading.n === undefined) row.forms += MEAN;
    else {
      numbers[row.number++] = reading.n;
      if (reading.max !== undefined) numbers[row.number++] = reading.max;
      row.forms += reading.max === undefined ? MEAN_OF_N : MEAN_WITH_MAX;
    }
  }
}

/** Takes back what {@link writeReading} added. Whatever letters and numbers are there, it is a reading or none. */
export function readReading(row: ReadingRow): Reading | undefined {
  const form = row.forms[row.letter++] ?? failureForms.error;
  if (form === ABSENT) return undefined;
  const value = takeNumber(row);
  switch (form) {
    case POINT:
      return present({ ok: true, kind: 'point', value });
    case MEAN:
      return present({ ok: true, kind: 'mean', value });
    case MEAN_OF_N:
      return present({ ok: true, kind: 'mean', value, n: takeNumber(row) });
    case MEAN_WITH_MAX:
      return present({ ok: true, kind: 'mean', value, n: takeNumber(row), max: takeNumber(row) });
    default: {
      const why = failures.get(form) ?? 'error';
      return Number.isNaN(value) ? { ok: false, why } : { ok: false, why, code: value };
    }
  }
}

function takeNumber(row: ReadingRow): number {
  return row.numbers[row.number++] ?? Number.NaN;
}

/** What is no number is no value. */
function present(reading: Reading & { readonly ok: true }): Reading {
  return Number.isFinite(reading.value) ? reading : { ok: false, why: 'error' };
}
