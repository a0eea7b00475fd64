import type { Window } from './function-row.ts';

/**
 * The growth over the window, extended to its bounds where samples lie close to them; `undefined` below two samples.
 *
 * A bound counts as close within 1.1 mean spacings; otherwise half a spacing is added. A counter is never extended
 * below zero.
 *
 * Every operation stands in the order of Prometheus: at 1e300 another order is another number.
 *
 * @param isCounter - Whether a fall is a restart from zero.
 * @param perSeconds - What the growth is divided by: the length of the window gives growth per second.
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#increase
 */
export function extrapolatedGrowth(
  window: Readonly<Window>,
  isCounter: boolean,
  perSeconds = 1,
): number | undefined {
  const { times, values, from, to } = window;
  const last = to - 1;
  if (last <= from) return undefined;
  const firstMs = times[from] as number;
  const lastMs = times[last] as number;
  const first = values[from] as number;
  let growth = (values[last] as number) - first;
  // Nearly no window has a restart: looking one up costs a twentieth of looking for one in 20 samples.
  if (isCounter && window.hasFalls(from, to)) growth = withRestarts(growth, values, from, to);

  const sampled = (lastMs - firstMs) / 1000;
  const spacing = sampled / (last - from);
  const threshold = spacing * 1.1;
  let toStart = (firstMs - window.startMs) / 1000;
  let toEnd = (window.endMs - lastMs) / 1000;
  if (toStart >= threshold) toStart = spacing / 2;
  if (isCounter && growth > 0 && first >= 0) {
    // Where the line through the samples crosses zero. After the threshold, not before it: 2.x had the reverse.
    const toZero = sampled * (first / growth);
    // Not Math.min: of infinities the line is NaN and leaves the distance as it is.
    if (toZero < toStart) toStart = toZero;
  }
  if (toEnd >= threshold) toEnd = spacing / 2;
  return growth * ((sampled + toStart + toEnd) / sampled / perSeconds);
}

/** Adds what a counter held before each of its restarts. */
function withRestarts(growth: number, values: Float64Array, from: number, to: number): number {
  let total = growth;
  for (let at = from + 1; at < to; at++) {
    const before = values[at - 1] as number;
    if ((values[at] as number) < before) total += before;
  }
  return total;
}

/** Growth per second of the window, not of the part that has samples. */
export function rate(window: Readonly<Window>): number | undefined {
  return extrapolatedGrowth(window, true, (window.endMs - window.startMs) / 1000);
}

/** Difference of the last two samples; a fall of a counter means it restarted and counted up to the last value. */
export function lastDifference(
  { values, from, to }: Readonly<Window>,
  isCounter: boolean,
): number | undefined {
  if (to - from < 2) return undefined;
  const last = values[to - 1] as number;
  const before = values[to - 2] as number;
  return isCounter && last < before ? last : last - before;
}

/** {@link lastDifference} per second. */
export function instantRate(window: Readonly<Window>): number | undefined {
  const difference = lastDifference(window, true);
  if (difference === undefined) return undefined;
  const { times, to } = window;
  return difference / (((times[to - 1] as number) - (times[to - 2] as number)) / 1000);
}
