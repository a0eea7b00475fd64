import type { QueryRange } from '@tidewatch/core';

/** What can be chosen, and how far apart its points are: 150 to 360 points, about one every third pixel. */
const choices = {
  '5m': { windowMs: 300_000, stepMs: 2_000 },
  '15m': { windowMs: 900_000, stepMs: 5_000 },
  '1h': { windowMs: 3_600_000, stepMs: 15_000 },
  '6h': { windowMs: 21_600_000, stepMs: 60_000 },
  '24h': { windowMs: 86_400_000, stepMs: 300_000 },
} as const;

/** A time range that the page offers. */
export type RangeId = keyof typeof choices;

/** All ranges, shortest first. */
export const rangeIds: readonly RangeId[] = Object.keys(choices) as RangeId[];

/** Whether the text, which may come from anybody's URL, names a range. */
export function isRangeId(value: string): value is RangeId {
  return Object.hasOwn(choices, value);
}

/** The chosen range in milliseconds. */
export function windowOf(range: RangeId): number {
  return choices[range].windowMs;
}

/**
 * The steps of a range that ends now, on a grid that does not move with time.
 *
 * On a fixed grid the answer changes only when a step has passed, so one evaluation serves all viewers
 * until then. Steps are never shorter than the time between samples.
 */
export function planSteps(range: RangeId, nowMs: number, sampleIntervalMs: number): QueryRange {
  const { windowMs, stepMs: idealMs } = choices[range];
  const stepMs = Math.max(idealMs, sampleIntervalMs);
  const endMs = Math.floor(nowMs / stepMs) * stepMs;
  return { startMs: endMs - Math.floor(windowMs / stepMs) * stepMs, endMs, stepMs };
}
