import type { TimeWindow, Weekday } from '../config/autoscaler-config.ts';
import { weekdays } from '../config/read-time-window.ts';

/** The first window that contains the time, by the wall clock of its own zone; `undefined` when none does. */
export function activeWindow(windows: readonly TimeWindow[], nowMs: number): TimeWindow | undefined {
  return windows.find((window) => contains(window, nowMs));
}

function contains({ days, startMinute, endMinute, timezone }: TimeWindow, nowMs: number): boolean {
  const { day, minute } = localTime(timezone, nowMs);
  const startsOn = (index: number): boolean => {
    const name = weekdays[(index + 7) % 7];
    return name !== undefined && days.includes(name);
  };
  if (startMinute < endMinute) return startsOn(day) && minute >= startMinute && minute < endMinute;
  // Over midnight: the evening of a listed day, or the morning after one.
  return (startsOn(day) && minute >= startMinute) || (startsOn(day - 1) && minute < endMinute);
}

// One formatter costs 50 µs to build; a configuration names a handful of zones.
const formatters = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATTERS = 64;

function localTime(timezone: string, nowMs: number): { day: number; minute: number } {
  let formatter = formatters.get(timezone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    if (formatters.size < MAX_FORMATTERS) formatters.set(timezone, formatter);
  }
  const parts = new Map(formatter.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  const day = weekdays.indexOf((parts.get('weekday') ?? '').toLowerCase() as Weekday);
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}
