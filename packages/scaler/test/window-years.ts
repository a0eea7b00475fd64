import type { TimeWindow } from '../src/config/autoscaler-config.ts';
import { weekdays } from '../src/config/read-time-window.ts';
import { activeWindow } from '../src/policy/active-window.ts';

const START_MS = Date.parse('2025-12-31T00:00:00Z');
const DAY_MS = 86_400_000;
const DAYS = 2 * 366;

/** Windows that share all their boundaries, some of them in hours that a change of the clock repeats or skips. */
const boundaries = {
  early: ['01:30', 90, 135],
  morning: ['02:15', 135, 600],
  workday: ['10:00', 600, 1320],
  weekend: ['10:00', 600, 1320],
  night: ['22:00', 1320, 90],
} as const;

/** Changes at other times than written: where the clock leaves an hour out, and where it repeats one. */
export const atClockChanges: Readonly<Record<string, readonly string[]>> = {
  // an hour, at 01:00 UTC
  'Europe/Berlin': ['03:00 morning', '02:00 early', '03:00 morning', '02:00 early'],
  // an hour, at 02:00 local time
  'America/New_York': ['03:00 morning', '01:00 night', '03:00 morning', '01:00 night'],
  // half an hour
  'Australia/Lord_Howe': ['02:30 morning', '02:30 morning'],
  'Asia/Shanghai': [], // never
  'Asia/Kathmandu': [], // a quarter of an hour off UTC
};

/**
 * Walks two years of a zone: the minutes in which not exactly one window is in force, and the changes of the
 * window at other local times than its own start.
 *
 * @param everyMinute - Or each quarter of an hour, and each minute only on days of 23, 24.5 or 25 hours.
 */
export function walkTwoYears(
  timezone: string,
  everyMinute: boolean,
): { readonly faults: readonly string[]; readonly unusual: readonly string[] } {
  const windows = Object.entries(boundaries).map(([name, [, startMinute, endMinute]]): TimeWindow => {
    const days =
      name === 'workday' ? weekdays.slice(1, 6) : name === 'weekend' ? (['sat', 'sun'] as const) : weekdays;
    return { name, timezone, startMinute, endMinute, days, thresholds: {} };
  });
  // Another way of asking the zone than that of the code under test.
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  const faults: string[] = [];
  const unusual: string[] = [];
  let last: string | undefined;
  for (let day = 0; day < DAYS; day++) {
    const dayMs = START_MS + day * DAY_MS;
    const isOdd = clock.format(dayMs) !== clock.format(dayMs + DAY_MS);
    const stepMs = everyMinute || isOdd ? 60_000 : 900_000;
    for (let timeMs = dayMs; timeMs < dayMs + DAY_MS; timeMs += stepMs) {
      const inForce = windows.filter((window) => activeWindow([window], timeMs) !== undefined);
      const name = inForce[0]?.name ?? 'none';
      if (inForce.length !== 1) faults.push(`${new Date(timeMs).toISOString()}: ${inForce.length} windows`);
      if (last !== undefined && name !== last) {
        const time = clock.format(timeMs);
        if (time !== boundaries[name as keyof typeof boundaries]?.[0]) unusual.push(`${time} ${name}`);
      }
      last = name;
    }
  }
  return { faults, unusual };
}
