import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadAlertmanagerConfig } from '../config/load-alertmanager-config.ts';
import { isWithin, mutingOf, type NamedTimeIntervals, type TimeInterval } from './time-interval.ts';
import { zonedTime } from './zoned-time.ts';

const at = (iso: string): number => Date.parse(iso);

/** The intervals of a file, as the route that refers to them holds them. */
function read(yaml: string): readonly TimeInterval[] {
  const { route } = loadAlertmanagerConfig(`route:
  receiver: a
  routes: [{ mute_time_intervals: [t] }]
receivers: [{ name: a }]
time_intervals:
  - name: t
    time_intervals:
      - ${yaml}
`);
  return route.routes?.[0]?.muteTimeIntervals?.[0]?.intervals ?? [];
}

describe('an interval of the file', () => {
  it.for([
    [
      "times: [{ start_time: '09:00', end_time: '17:00' }]",
      '2026-11-23T09:00:00Z',
      true,
      'the start is in it',
    ],
    ["times: [{ start_time: '09:00', end_time: '17:00' }]", '2026-11-23T17:00:00Z', false, 'the end is not'],
    ["times: [{ start_time: '00:00', end_time: '24:00' }]", '2026-11-23T23:59:59Z', true, 'a whole day'],
    ["weekdays: ['monday:wednesday']", '2026-11-23T00:00:00Z', true, 'a Monday'],
    ["weekdays: ['Saturday', 'sunday']", '2026-11-23T00:00:00Z', false, 'not a weekend'],
    ["days_of_month: ['-1']", '2026-02-28T23:00:00Z', true, 'the last day itself'],
    ["days_of_month: ['-3:-1']", '2026-02-26T00:00:00Z', true, 'the last three days of a short month'],
    ["days_of_month: ['-3:-1']", '2026-02-25T00:00:00Z', false, ''],
    ["days_of_month: ['31']", '2026-02-28T12:00:00Z', false, 'February has no 31st'],
    ["days_of_month: ['30:31']", '2026-04-30T12:00:00Z', true, 'cut at the end of April'],
    ["months: ['march:may']", '2026-05-31T23:59:59Z', true, ''],
    ["months: ['3', december]", '2026-11-30T23:59:59Z', false, ''],
    ["years: ['2026:2027']", '2028-01-01T00:00:00Z', false, ''],
    [
      "{ times: [{ start_time: '22:00', end_time: '24:00' }], location: Asia/Shanghai }",
      '2026-11-23T14:00:00Z',
      true,
      '22:00 in Shanghai',
    ],
    [
      '{ weekdays: [tuesday], location: Asia/Shanghai }',
      '2026-11-23T16:00:00Z',
      true,
      'already Tuesday there',
    ],
    [
      "{ times: [{ start_time: '02:00', end_time: '03:00' }], location: Europe/Berlin }",
      '2026-03-29T01:30:00Z',
      false,
      'the hour that spring leaves out',
    ],
    [
      "{ times: [{ start_time: '02:00', end_time: '03:00' }], location: Europe/Berlin }",
      '2026-10-25T00:30:00Z',
      true,
      'the hour that autumn has twice: first',
    ],
    [
      "{ times: [{ start_time: '02:00', end_time: '03:00' }], location: Europe/Berlin }",
      '2026-10-25T01:30:00Z',
      true,
      'and second',
    ],
    [
      "{ times: [{ start_time: '02:00', end_time: '03:00' }], location: Europe/Berlin }",
      '2026-10-25T02:30:00Z',
      false,
      '',
    ],
    ['{ location: Asia/Shanghai }', '2026-01-01T00:00:00Z', true, 'no condition is always'],
    ['times: []', '2026-01-01T00:00:00Z', false, 'none of no ranges is never, as in Alertmanager'],
  ] as const)('%s at %s: %s (%s)', ([yaml, time, within]) => {
    expect(read(yaml).some((interval) => isWithin(interval, at(time)))).toBe(within);
  });

  it.for([
    ["times: [{ start_time: '9:00', end_time: '17:00' }]", 'expected a time such as "09:30"'],
    ["times: [{ start_time: '22:00', end_time: '06:00' }]", 'start_time must be before end_time'],
    ["weekdays: ['friday:monday']", 'the end is before the start'],
    ['weekdays: [funday]', 'expected a weekday'],
    ["days_of_month: ['0']", 'expected a day from 1 to 31'],
    ["days_of_month: ['-1:5']", 'the last day must be negative when the first is'],
    ["days_of_month: ['20:-20']", 'the last day is before the first'],
    ["months: ['13']", 'expected a month'],
    ['location: Mars/Olympus', 'is not a time zone'],
    ['weekday: [monday]', 'unknown key "weekday"; did you mean "weekdays"?'],
  ] as const)('%s is refused: %s', ([yaml, problem]) => {
    expect(() => read(yaml)).toThrow(problem);
  });
});

const night: NamedTimeIntervals = {
  name: 'night',
  intervals: [{ times: [{ startMinute: 0, endMinute: 360 }], location: 'Asia/Shanghai' }],
};

it.for([
  [{}, { muted: false, reason: 'no-interval' }],
  [{ muteTimeIntervals: [night] }, { muted: true, reason: 'mute-time', interval: 'night' }],
  [{ activeTimeIntervals: [night] }, { muted: false, reason: 'active-time' }],
  [
    { muteTimeIntervals: [night], activeTimeIntervals: [night] },
    { muted: true, reason: 'mute-time', interval: 'night' },
  ],
] as const)('at night %j is %j', ([times, muting]) => {
  expect(mutingOf(times, at('2026-11-22T18:00:00Z'))).toEqual(muting);
});

it('by day, only what is active at night is muted', () => {
  const noon = at('2026-11-23T04:00:00Z');
  expect(mutingOf({ muteTimeIntervals: [night] }, noon)).toEqual({
    muted: false,
    reason: 'outside-mute-time',
  });
  expect(mutingOf({ activeTimeIntervals: [night] }, noon)).toEqual({
    muted: true,
    reason: 'outside-active-time',
  });
});

const anyTime = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') });
const anyZone = fc.constantFrom(
  'UTC',
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe', // its summer is half an hour
  'Asia/Kathmandu', // 5 h 45 min
  'America/St_Johns',
  'Pacific/Apia', // left out a day in 2011
);

it('agrees with the calendar of the platform, in every zone and at every change of the clock', () => {
  fc.assert(
    fc.property(anyTime, anyZone, (timeMs, timeZone) => {
      const { year, month, day, weekday, hour, minute } = zonedTime(timeMs, timeZone);
      const text = new Date(timeMs).toLocaleString('en-US', {
        timeZone,
        hourCycle: 'h23',
        dateStyle: 'full',
        timeStyle: 'short',
      });
      const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
      expect(text).toContain(names[weekday]);
      expect(text).toContain(`${day}, ${year}`);
      expect(text).toContain(`${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
      expect(new Date(`${text.split(',')[1]?.trim()}, 2000`).getMonth() + 1).toBe(month);
    }),
    { numRuns: 500 },
  );
});

const anyRange = (min: number, max: number): fc.Arbitrary<{ first: number; last: number }[]> =>
  fc.array(
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
    { minLength: 1, maxLength: 3 },
  );

it('every condition narrows: within all exactly when within each alone', () => {
  const anyInterval = fc.record(
    {
      weekdays: anyRange(0, 6),
      daysOfMonth: anyRange(1, 31),
      months: anyRange(1, 12),
      years: anyRange(2000, 2060),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anyInterval, anyZone, anyTime, (interval, location, timeMs) => {
      const alone = Object.entries(interval).map(([key, value]) =>
        isWithin({ [key]: value, location }, timeMs),
      );
      expect(isWithin({ ...interval, location }, timeMs)).toBe(alone.every(Boolean));
    }),
  );
});

it('over a day, the minutes within are as many as the clock on the wall shows', () => {
  const nights = { times: [{ startMinute: 60, endMinute: 240 }], location: 'Europe/Berlin' };
  const minutesFrom = (iso: string): number =>
    Array.from({ length: 24 * 60 }, (_, minute) => isWithin(nights, at(iso) + minute * 60_000)).filter(
      Boolean,
    ).length;
  expect(minutesFrom('2026-06-01T22:00:00Z')).toBe(180);
  expect(minutesFrom('2026-03-28T23:00:00Z')).toBe(120); // the night without 02:00 to 03:00
  expect(minutesFrom('2026-10-24T22:00:00Z')).toBe(240); // the night that has it twice
});
