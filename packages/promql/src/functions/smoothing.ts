import { PromqlError } from '../errors.ts';
import type { Window } from './function-row.ts';

/**
 * Holt's double exponential smoothing; `undefined` below two samples.
 *
 * @param smoothing - Weight of new values, 0 to 1, both excluded.
 * @param trending - Weight of new trends, 0 to 1, both excluded.
 * @throws {@link PromqlError} for a factor out of range.
 * @see https://www.itl.nist.gov/div898/handbook/pmc/section4/pmc433.htm
 */
export function doubleExponentialSmoothing(
  { values, from, to }: Readonly<Window>,
  smoothing: number,
  trending: number,
): number | undefined {
  for (const [name, factor] of [
    ['smoothing', smoothing],
    ['trend', trending],
  ] as const) {
    // NaN is let through, as Prometheus does: the result is NaN.
    if (factor <= 0 || factor >= 1) {
      const expected = `invalid ${name} factor, expected 0 < factor < 1`;
      throw new PromqlError('execution', `${expected}, got ${factor}`);
    }
  }
  if (to - from < 2) return undefined;
  let level = values[from] as number;
  let trend = (values[from + 1] as number) - level;
  for (let at = from + 1; at < to; at++) {
    const before = level;
    level = smoothing * (values[at] as number) + (1 - smoothing) * (before + trend);
    // The first trend is the first difference itself.
    trend = trending * (level - before) + (1 - trending) * trend;
  }
  return level;
}
