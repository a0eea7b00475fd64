import { systemZone, zonedTime, type ZonedTime } from './zoned-time.ts';

/** From the first to the last, both included. */
export interface InclusiveRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Times in which all conditions that are given hold; of each, one range is enough. None given: always.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0
 */
export interface TimeInterval {
  /** Minutes of the day from 0; the end, at most 1440, is not part of it. */
  readonly times?: readonly { readonly startMinute: number; readonly endMinute: number }[];
  /** 0 is Sunday. */
  readonly weekdays?: readonly InclusiveRange[];
  /** 1 to 31; -1 is the last day of the month. */
  readonly daysOfMonth?: readonly InclusiveRange[];
  /** 1 to 12. */
  readonly months?: readonly InclusiveRange[];
  readonly years?: readonly InclusiveRange[];
  /** IANA name; `Local` is the zone of the process. @defaultValue 'UTC', as in Alertmanager */
  readonly location?: string;
}

/** Intervals under the name by which a route refers to them. */
export interface NamedTimeIntervals {
  readonly name: string;
  readonly intervals: readonly TimeInterval[];
}

/** Why a route may not speak now, or that it may. */
export type Muting =
  | { readonly muted: false; readonly reason: 'no-interval' | 'outside-mute-time' | 'active-time' }
  | { readonly muted: true; readonly reason: 'mute-time'; readonly interval: string }
  | { readonly muted: true; readonly reason: 'outside-active-time' };

/** Whether the time is within the interval. A wall-clock hour that a change of the clock repeats is in it twice. */
export function isWithin(interval: TimeInterval, timeMs: number): boolean {
  const { location = 'UTC', times, daysOfMonth, months, weekdays, years } = interval;
  const now = zonedTime(timeMs, location === 'Local' ? systemZone() : location);
  const minute = now.hour * 60 + now.minute;
  if (times?.some(({ startMinute, endMinute }) => startMinute <= minute && minute < endMinute) === false)
    return false;
  if (daysOfMonth?.some((range) => isDayWithin(range, now)) === false) return false;
  return isAnyOf(months, now.month) && isAnyOf(weekdays, now.weekday) && isAnyOf(years, now.year);
}

/**
 * Whether a route is muted: inside of one of its mute times, or outside of all its active times.
 *
 * What a muted route would have said is to be said when it is no longer muted.
 */
export function mutingOf(
  { muteTimeIntervals = [], activeTimeIntervals = [] }: Partial<RouteTimes>,
  timeMs: number,
): Muting {
  const holds = ({ intervals }: NamedTimeIntervals): boolean =>
    intervals.some((interval) => isWithin(interval, timeMs));
  const mute = muteTimeIntervals.find(holds);
  if (mute !== undefined) return { muted: true, reason: 'mute-time', interval: mute.name };
  if (activeTimeIntervals.length > 0) {
    return activeTimeIntervals.some(holds)
      ? { muted: false, reason: 'active-time' }
      : { muted: true, reason: 'outside-active-time' };
  }
  return { muted: false, reason: muteTimeIntervals.length > 0 ? 'outside-mute-time' : 'no-interval' };
}

/** The times of one route; children do not inherit them. */
export interface RouteTimes {
  readonly muteTimeIntervals: readonly NamedTimeIntervals[];
  readonly activeTimeIntervals: readonly NamedTimeIntervals[];
}

function isAnyOf(ranges: readonly InclusiveRange[] | undefined, value: number): boolean {
  return ranges?.some(({ first, last }) => first <= value && value <= last) ?? true;
}

/** Negative days count from the end of the month; a day that the month does not have is its last. */
function isDayWithin({ first, last }: InclusiveRange, { day, daysInMonth }: ZonedTime): boolean {
  const begin = first < 0 ? daysInMonth + first + 1 : first;
  const end = last < 0 ? daysInMonth + last + 1 : last;
  return begin <= daysInMonth && begin <= day && day <= Math.min(end, daysInMonth);
}
