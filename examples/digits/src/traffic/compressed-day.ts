import { scheduleThrough, type Schedule } from './schedule.ts';

export interface CompressedDayOptions {
  /** How long the whole day takes. */
  readonly seconds: number;
  /** Requests per second at night. */
  readonly troughRps: number;
  /** Requests per second by day. */
  readonly peakRps: number;
  /** Requests per second in a short burst in the middle of the day. */
  readonly burstRps: number;
}

/**
 * A day of a public service in seconds: night, a morning that fills up, midday with one burst, an evening
 * that empties, night again. Days repeat without a seam.
 */
export function compressedDay({ seconds, troughRps, peakRps, burstRps }: CompressedDayOptions): Schedule {
  const corners = [
    [0, troughRps],
    [0.15, troughRps],
    [0.4, peakRps],
    [0.54, peakRps],
    // The burst is up within a fiftieth of the day: no autoscaler can see it come.
    [0.56, burstRps],
    [0.62, burstRps],
    [0.64, peakRps],
    [0.7, peakRps],
    [0.85, troughRps],
    [1, troughRps],
  ] as const;
  return scheduleThrough(corners.map(([share, rps]) => ({ atMs: share * seconds * 1000, rps })));
}
