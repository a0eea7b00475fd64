import { expect, it } from 'vitest';
import type { TimeWindow } from '../config/autoscaler-config.ts';
import { weekdays } from '../config/read-time-window.ts';
import { atClockChanges, walkTwoYears } from '../../test/window-years.ts';
import { activeWindow } from './active-window.ts';

const workdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

function windowOf(changes: Partial<TimeWindow>): TimeWindow {
  return {
    name: 'w',
    days: weekdays,
    startMinute: 540,
    endMinute: 1080,
    timezone: 'UTC',
    thresholds: {},
    ...changes,
  };
}

// 2026-01-05 is a Monday.
it.for([
  // window                                                  time                    inside  why
  [{}, '2026-01-05T09:00:00Z', true], //                                             the start belongs to it
  [{}, '2026-01-05T08:59:59.999Z', false],
  [{}, '2026-01-05T17:59:59.999Z', true],
  [{}, '2026-01-05T18:00:00Z', false], //                                            the end does not
  [{ days: workdays }, '2026-01-04T10:00:00Z', false], //                            a Sunday
  [{ timezone: 'Asia/Shanghai' }, '2026-01-05T01:00:00Z', true], //                  09:00 there
  [{ timezone: 'Asia/Shanghai' }, '2026-01-05T10:00:00Z', false], //                 18:00 there
  [{ timezone: 'Asia/Kolkata' }, '2026-01-05T03:30:00Z', true], //                   half an hour off
  [{ startMinute: 1320, endMinute: 360 }, '2026-01-05T23:00:00Z', true], //          over midnight, the evening
  [{ startMinute: 1320, endMinute: 360 }, '2026-01-06T05:59:00Z', true], //          … and the morning
  [{ startMinute: 1320, endMinute: 360 }, '2026-01-06T06:00:00Z', false],
  [{ startMinute: 1320, endMinute: 360, days: ['fri'] }, '2026-01-10T03:00:00Z', true], // Saturday morning of a Friday
  [{ startMinute: 1320, endMinute: 360, days: ['sat'] }, '2026-01-10T03:00:00Z', false],
  [{ startMinute: 1320, endMinute: 360, days: ['sat'] }, '2026-01-11T03:00:00Z', true], // Sunday follows Saturday
  [{ startMinute: 0, endMinute: 1440 }, '2026-01-05T23:59:59.999Z', true], //        a whole day
  [{ timezone: 'Europe/Berlin', startMinute: 540 }, '2026-03-29T07:00:00Z', true], // 09:00 on the day of the change
  [{ timezone: 'Europe/Berlin', startMinute: 540 }, '2026-03-28T07:59:00Z', false], // 08:59 the day before
] as const)('%o at %s: %s', ([changes, time, inside]) => {
  expect(activeWindow([windowOf(changes)], Date.parse(time)) !== undefined).toBe(inside);
});

it('lets the first of two that overlap apply', () => {
  const windows = [windowOf({ name: 'a', startMinute: 600 }), windowOf({ name: 'b' })];
  expect(activeWindow(windows, Date.parse('2026-01-05T09:30:00Z'))?.name).toBe('b');
  expect(activeWindow(windows, Date.parse('2026-01-05T10:30:00Z'))?.name).toBe('a');
});

// Each minute of the two years: test/integration/time-windows.integration.test.ts.
it.for(Object.entries(atClockChanges))(
  'over two years in %s, windows that share their boundaries leave no gap and no overlap',
  ([timezone, unusual]) => {
    expect(walkTwoYears(timezone, false)).toEqual({ faults: [], unusual });
  },
);
