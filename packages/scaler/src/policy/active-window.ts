import type { TimeWindow } from '../config/autoscaler-config.ts';
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

// A formatter costs 50 µs to build and 2 µs to ask; a configuration names a handful of zones.
const zones = new Map<string, { readonly format: Intl.DateTimeFormat; block: number; offsetMs: number }>();
const MAX_ZONES = 64;
/** Every zone changes its clock, where it does, at a quarter of an hour of UTC: within one, the offset holds. */
const BLOCK_MS = 15 * 60_000;
const DAY_MINUTES = 1440;

/**
 * What the wall clock of the zone shows. In the hour that a change of the clock repeats it shows each minute
 * twice, in the one that it leaves out none: windows that share a boundary still have no gap and no overlap.
 */
function localTime(timezone: string, nowMs: number): { day: number; minute: number } {
  const minutes = Math.floor((nowMs + offsetAt(timezone, nowMs)) / 60_000);
  const minute = ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  // The first day of the epoch was a Thursday.
  const day = ((((minutes - minute) / DAY_MINUTES + 4) % 7) + 7) % 7;
  return { day, minute };
}

/** By how much the zone is ahead of UTC. */
function offsetAt(timezone: string, nowMs: number): number {
  const block = Math.floor(nowMs / BLOCK_MS);
  const known = zones.get(timezone);
  if (known?.block === block) return known.offsetMs;
  const format = known?.format ?? formatterOf(timezone);
  const parts = new Map(
    format.formatToParts(block * BLOCK_MS).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? Number.NaN;
  const shownMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  const offsetMs = shownMs - block * BLOCK_MS;
  if (known !== undefined) Object.assign(known, { block, offsetMs });
  else if (zones.size < MAX_ZONES) zones.set(timezone, { format, block, offsetMs });
  return offsetMs;
}

function formatterOf(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
}
