import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maximum, minimum } from '../functions/over-time.ts';
import { NO_LABELS } from '../labels/label-set.ts';
import { sumOf } from '../numbers/kahan-sum.ts';
import { runningFold } from './running-folds.ts';
import type { Column } from './value.ts';

const STEPS = 3;

function column(values: readonly (number | undefined)[]): Column {
  return {
    labels: NO_LABELS,
    nameDropped: false,
    values: Float64Array.from(values, (value) => value ?? 0),
    present: Uint8Array.from(values, (value) => (value === undefined ? 0 : 1)),
  };
}

const value = fc.oneof(
  fc.double(),
  fc.constantFrom(undefined, -0, Number.NaN, Infinity, -Infinity, 1e308, -1e308, 1e16, 1),
);
const members = fc.array(fc.array(value, { minLength: STEPS, maxLength: STEPS }), {
  minLength: 1,
  maxLength: 8,
});

it.for<[string, (values: Float64Array) => number]>([
  ['sum', (values) => sumOf(values, 0, values.length)],
  ['count', (values) => values.length],
  ['max', (values) => maximum({ values, from: 0, to: values.length })],
  ['min', (values) => minimum({ values, from: 0, to: values.length })],
])('%s member by member has every bit of step by step', ([operator, fold]) => {
  fc.assert(
    fc.property(members, (rows) => {
      const result = column(Array.from({ length: STEPS }, () => undefined));
      const running = runningFold(operator, result);
      for (const row of rows) running?.take(column(row));
      running?.finish();
      for (let step = 0; step < STEPS; step++) {
        const here = rows.flatMap((row) => row[step] ?? []);
        expect(result.present[step]).toBe(here.length > 0 ? 1 : 0);
        if (here.length > 0) expect(result.values[step]).toBe(fold(Float64Array.from(here)));
      }
    }),
  );
});
