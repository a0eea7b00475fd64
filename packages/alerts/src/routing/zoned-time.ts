/** A time as a calendar and a clock on the wall show it. */
export interface ZonedTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly daysInMonth: number;
}

const MINUTE_MS = 60_000;
/** Offsets change at most this often: on the borders of quarters of an hour. */
const OFFSET_STEP_MS = 15 * MINUTE_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();
/** The last offset of each zone: routes ask for the same minute again and again. */
const lastOffsets = new Map<string, { readonly step: number; readonly offsetMs: number }>();

/**
 * The wall-clock time in a zone.
 *
 * @param timeZone - IANA name.
 * @throws RangeError for an unknown zone.
 */
export function zonedTime(timeMs: number, timeZone: string): ZonedTime {
  const shifted = new Date(timeMs + offsetMs(timeMs, timeZone));
  const [year, month] = [shifted.getUTCFullYear(), shifted.getUTCMonth()];
  return {
    year,
    month: month + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    daysInMonth: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
  };
}

/** The zone of the process. */
export function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function offsetMs(timeMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const step = Math.floor(timeMs / OFFSET_STEP_MS);
  const last = lastOffsets.get(timeZone);
  if (last?.step === step) return last.offsetMs;
  const parts = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(timeMs)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const { year, month, day, hour, minute, second } = parts;
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const offset = wallMs - Math.floor(timeMs / 1000) * 1000;
  lastOffsets.set(timeZone, { step, offsetMs: offset });
  return offset;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formatters.set(timeZone, formatter);
  return formatter;
}
