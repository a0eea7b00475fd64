import { quantileOf } from '../numbers/quantile.ts';
import type { Window } from './function-row.ts';

type Samples = Pick<Window, 'values' | 'from' | 'to'>;

/** The greatest value; NaN only when all are. */
export function maximum({ values, from, to }: Samples): number {
  let best = values[from] as number;
  for (let at = from + 1; at < to; at++) {
    const value = values[at] as number;
    if (value > best || Number.isNaN(best)) best = value;
  }
  return best;
}

/** The least value; NaN only when all are. */
export function minimum({ values, from, to }: Samples): number {
  let best = values[from] as number;
  for (let at = from + 1; at < to; at++) {
    const value = values[at] as number;
    if (value < best || Number.isNaN(best)) best = value;
  }
  return best;
}

/** How often the value fell. */
export function countResets({ values, from, to }: Readonly<Window>): number {
  let resets = 0;
  for (let at = from + 1; at < to; at++) {
    if ((values[at] as number) < (values[at - 1] as number)) resets += 1;
  }
  return resets;
}

/** How often the value changed; NaN after NaN is no change. */
export function countChanges({ values, from, to }: Readonly<Window>): number {
  let changes = 0;
  for (let at = from + 1; at < to; at++) {
    const value = values[at] as number;
    const before = values[at - 1] as number;
    if (value !== before && !(Number.isNaN(value) && Number.isNaN(before))) changes += 1;
  }
  return changes;
}

/** Median distance from the median; NaN counts as smaller than every number in both. */
export function medianDeviation({ values, from, to }: Readonly<Window>): number {
  const part = values.slice(from, to);
  const median = quantileOf(0.5, part);
  return quantileOf(
    0.5,
    part.map((value) => Math.abs(value - median)),
  );
}

/** Seconds since the epoch of the sample that `isBetter` than all before it; of equals the last. */
export function timeOfBest(
  { times, values, from, to }: Readonly<Window>,
  isBetter: (value: number, best: number) => boolean,
): number {
  let best = from;
  for (let at = from + 1; at < to; at++) {
    const value = values[at] as number;
    const current = values[best] as number;
    if (isBetter(value, current) || value === current || Number.isNaN(current)) best = at;
  }
  return (times[best] as number) / 1000;
}
