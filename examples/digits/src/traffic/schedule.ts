/** How many requests arrive when: a day that repeats for ever. */
export interface Schedule {
  /** Length of one day in milliseconds. */
  readonly dayMs: number;
  /** The highest rate of the day, requests per second. */
  readonly peakRps: number;
  /** Requests per second at a moment; milliseconds since the start, 0 or more. */
  rateAt(elapsedMs: number): number;
  /** Requests expected from the start until a moment: the integral of the rate. */
  expectedBy(elapsedMs: number): number;
}

/** One corner of the curve. */
export interface RatePoint {
  readonly atMs: number;
  readonly rps: number;
}

/**
 * A day drawn by its corners, straight lines between them.
 *
 * The end of a day meets the beginning of the next; where they differ, the rate jumps.
 *
 * @param points - At least two, the first at 0, times ascending, rates 0 or more and not all 0.
 */
export function scheduleThrough(points: readonly RatePoint[]): Schedule {
  const start = points[0];
  const end = points.at(-1);
  const isAscending = points.every(({ atMs }, index) => index === 0 || atMs > points[index - 1]!.atMs);
  const peakRps = Math.max(...points.map(({ rps }) => rps));
  const isPositive = points.every(({ rps }) => rps >= 0) && peakRps > 0 && Number.isFinite(peakRps);
  if (start?.atMs !== 0 || end === undefined || end === start || !isAscending || !isPositive) {
    throw new Error(
      `schedule: got ${JSON.stringify(points)}, expected at least two points, the first at 0 ms, times ascending, rates from 0 up and not all 0`,
    );
  }
  const dayMs = end.atMs;
  const perDay = expectedWithin(points, dayMs);
  return {
    dayMs,
    peakRps,
    rateAt: (elapsedMs) => rateWithin(points, elapsedMs % dayMs),
    expectedBy: (elapsedMs) =>
      Math.floor(elapsedMs / dayMs) * perDay + expectedWithin(points, elapsedMs % dayMs),
  };
}

function rateWithin(points: readonly RatePoint[], ms: number): number {
  const next = points.findIndex(({ atMs }) => atMs > ms);
  if (next === -1) return points.at(-1)!.rps;
  return rateBetween(points[next - 1]!, points[next]!, ms);
}

/** Trapezoids under the lines, up to `ms`. */
function expectedWithin(points: readonly RatePoint[], ms: number): number {
  let expected = 0;
  for (const [index, to] of points.entries()) {
    const from = points[index - 1];
    if (from === undefined) continue;
    if (from.atMs >= ms) break;
    const untilMs = Math.min(to.atMs, ms);
    const meanRps = (from.rps + rateBetween(from, to, untilMs)) / 2;
    expected += (meanRps * (untilMs - from.atMs)) / 1000;
  }
  return expected;
}

function rateBetween(from: RatePoint, to: RatePoint, ms: number): number {
  return from.rps + ((to.rps - from.rps) * (ms - from.atMs)) / (to.atMs - from.atMs);
}
