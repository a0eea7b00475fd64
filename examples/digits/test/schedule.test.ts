import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../src/random/seeded-random.ts';
import { compressedDay } from '../src/traffic/compressed-day.ts';
import { nextArrivalMs } from '../src/traffic/next-arrival.ts';
import { scheduleThrough, type RatePoint, type Schedule } from '../src/traffic/schedule.ts';

const day = compressedDay({ seconds: 100, troughRps: 10, peakRps: 100, burstRps: 150 });

describe('a compressed day of 100 seconds', () => {
  it.for([
    // at s  rps  why the row is here
    [0, 10], // night
    [15, 10], // the last of it
    [27.5, 55], // half way up the morning
    [40, 100], // full
    [50, 100],
    [54, 100], // before the burst
    [55, 125], // half way up the burst
    [58, 150],
    [64, 100], // after it
    [77.5, 55], // half way down the evening
    [90, 10],
    [100, 10], // the first moment of the second day
    [158, 150], // its burst
  ] as const)('at %f s asks for %f requests per second', ([seconds, rps]) => {
    expect(day.rateAt(seconds * 1000)).toBeCloseTo(rps, 9);
  });

  it('adds up to the area under its corners', () => {
    // By hand: night 15×10, morning 25×55, peak 14×100, up 2×125, burst 6×150, down 2×125, peak 6×100,
    // evening 15×55, night 15×10.
    expect(day.expectedBy(100_000)).toBeCloseTo(150 + 1375 + 1400 + 250 + 900 + 250 + 600 + 825 + 150, 6);
    expect(day.expectedBy(15_000)).toBeCloseTo(150, 9);
    expect(day.expectedBy(27_500)).toBeCloseTo(150 + 12.5 * 32.5, 9);
    expect(day.expectedBy(215_000)).toBeCloseTo(2 * 5900 + 150, 6);
  });

  it('knows its highest rate', () => {
    expect(day).toMatchObject({ peakRps: 150, dayMs: 100_000 });
  });
});

const anyPoints: fc.Arbitrary<RatePoint[]> = fc
  .array(fc.record({ gapMs: fc.integer({ min: 1, max: 5000 }), rps: fc.integer({ min: 0, max: 300 }) }), {
    minLength: 2,
    maxLength: 8,
  })
  .filter((corners) => corners.some(({ rps }) => rps > 0))
  .map((corners) => {
    let atMs = 0;
    return corners.map(({ gapMs, rps }, index) => ({ atMs: index === 0 ? 0 : (atMs += gapMs), rps }));
  });

describe('any schedule', () => {
  it('expects the integral of its rate', () => {
    fc.assert(
      fc.property(anyPoints, fc.double({ min: 0, max: 2, noNaN: true }), (points, days) => {
        const schedule = scheduleThrough(points);
        const untilMs = days * schedule.dayMs;
        // The middle rule is exact on straight lines, so only cells with a corner in them may be off.
        const cells = 20_000;
        const cellMs = untilMs / cells;
        let sum = 0;
        for (let cell = 0; cell < cells; cell++) {
          sum += (schedule.rateAt((cell + 0.5) * cellMs) * cellMs) / 1000;
        }
        const corners = 2 * points.length + 1;
        expect(Math.abs(schedule.expectedBy(untilMs) - sum)).toBeLessThanOrEqual(
          (corners * schedule.peakRps * cellMs) / 1000 + 1e-6,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('stays between nothing and its peak, day after day', () => {
    fc.assert(
      fc.property(anyPoints, fc.double({ min: 0, max: 1e7, noNaN: true }), (points, atMs) => {
        const schedule = scheduleThrough(points);
        expect(schedule.rateAt(atMs)).toBeGreaterThanOrEqual(0);
        expect(schedule.rateAt(atMs)).toBeLessThanOrEqual(schedule.peakRps);
      }),
    );
  });

  it.for([
    ['no points', []],
    ['one point', [[0, 5]]],
    [
      'a day that begins late',
      [
        [1, 5],
        [2, 5],
      ],
    ],
    [
      'time that steps back',
      [
        [0, 5],
        [2, 5],
        [1, 5],
      ],
    ],
    [
      'two rates at once',
      [
        [0, 5],
        [0, 6],
      ],
    ],
    [
      'a negative rate',
      [
        [0, 5],
        [1, -1],
      ],
    ],
    [
      'a day without a request',
      [
        [0, 0],
        [1, 0],
      ],
    ], // the next arrival would never come
    [
      'a rate that is not a number',
      [
        [0, 5],
        [1, Number.NaN],
      ],
    ],
  ] as const)('is not made of %s', ([, corners]) => {
    const points = corners.map(([atMs, rps]) => ({ atMs, rps }));
    expect(() => scheduleThrough(points)).toThrow(/schedule: got .*, expected at least two points/);
  });
});

describe('arrivals', () => {
  it('come as often as the schedule asks, hour by hour', () => {
    const days = 20;
    const perSecond = countPerSecond(day, days * day.dayMs);
    for (const [fromSeconds, toSeconds] of [
      [0, 15],
      [15, 40],
      [40, 54],
      [56, 62],
      [70, 85],
    ] as const) {
      let arrived = 0;
      for (let d = 0; d < days; d++) {
        for (let second = fromSeconds; second < toSeconds; second++) arrived += perSecond[d * 100 + second]!;
      }
      const expected = days * (day.expectedBy(toSeconds * 1000) - day.expectedBy(fromSeconds * 1000));
      // A Poisson count has the variance of its mean: four standard deviations.
      expect(Math.abs(arrived - expected)).toBeLessThan(4 * Math.sqrt(expected));
    }
  });

  it('are as uneven as those of independent users: variance equals mean', () => {
    const steady = scheduleThrough([
      { atMs: 0, rps: 50 },
      { atMs: 1000, rps: 50 },
    ]);
    const counts = countPerSecond(steady, 2_000_000);
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    const variance = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length;
    // The dispersion index of n Poisson counts has a standard error of √(2/n).
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt(2 / counts.length));
  });

  it('never come in a time without traffic', () => {
    const halfDay = scheduleThrough([
      { atMs: 0, rps: 100 },
      { atMs: 1000, rps: 100 },
      { atMs: 1001, rps: 0 },
      { atMs: 2000, rps: 0 },
    ]);
    const random = seededRandom(3);
    for (let atMs = 0; atMs < 60_000;) {
      atMs = nextArrivalMs(halfDay, atMs, random);
      expect(atMs % 2000).toBeLessThanOrEqual(1001);
    }
  });
});

function countPerSecond(schedule: Schedule, untilMs: number): number[] {
  const random = seededRandom(11);
  const counts = Array.from({ length: untilMs / 1000 }, () => 0);
  let atMs = nextArrivalMs(schedule, 0, random);
  while (atMs < untilMs) {
    counts[Math.floor(atMs / 1000)]!++;
    atMs = nextArrivalMs(schedule, atMs, random);
  }
  return counts;
}
