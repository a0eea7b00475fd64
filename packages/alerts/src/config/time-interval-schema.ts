import { z } from 'zod';
import type { InclusiveRange, TimeInterval } from '../routing/time-interval.ts';
import { name } from './scalars.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const clockTime = z.string().transform((text, context) => {
  if (/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.test(text))
    return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return refuse(context, `expected a time such as "09:30" or "24:00", got ${JSON.stringify(text)}`);
});

const timeRange = z
  .strictObject({ start_time: clockTime, end_time: clockTime })
  .transform(({ start_time: startMinute, end_time: endMinute }, context) => {
    if (startMinute < endMinute) return { startMinute, endMinute };
    return refuse(
      context,
      'start_time must be before end_time: write two ranges for one that passes midnight',
    );
  });

const weekday = range('a weekday such as "monday" or "monday:friday"', (text) => {
  const index = WEEKDAYS.indexOf(text.toLowerCase());
  return index === -1 ? undefined : index;
});

const month = range('a month such as "3", "march" or "march:may"', (text) => {
  const index = MONTHS.indexOf(text.toLowerCase());
  if (index !== -1) return index + 1;
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 12 ? Number(text) : undefined;
});

const year = range('a year such as "2026" or "2026:2028"', (text) =>
  /^\d{1,4}$/.test(text) ? Number(text) : undefined,
);

const dayOfMonth = range(
  'a day from 1 to 31, or from -31 to -1 counted from the end of the month',
  (text) => {
    const day = /^-?\d{1,2}$/.test(text) ? Number(text) : 0;
    return day === 0 || Math.abs(day) > 31 ? undefined : day;
  },
  ({ first, last }) => {
    if (first < 0 && last > 0) return 'the last day must be negative when the first is';
    // In the longest month; shorter ones are cut.
    return fromEnd(first) > fromEnd(last) ? 'the last day is before the first' : undefined;
  },
);

function fromEnd(day: number): number {
  return day < 0 ? 31 + day : day;
}

const location = z.string().transform((text, context) => {
  if (text === 'Local' || isZone(text)) return text;
  return refuse(
    context,
    `${JSON.stringify(text)} is not a time zone: use an IANA name such as "Asia/Shanghai"`,
  );
});

const interval: z.ZodType<TimeInterval> = z
  .strictObject({
    times: z.array(timeRange).optional(),
    weekdays: z.array(weekday).optional(),
    days_of_month: z.array(dayOfMonth).optional(),
    months: z.array(month).optional(),
    years: z.array(year).optional(),
    location: location.optional(),
  })
  .transform(({ times, weekdays, days_of_month: daysOfMonth, months, years, location: zone }) => ({
    ...(times === undefined ? {} : { times }),
    ...(weekdays === undefined ? {} : { weekdays }),
    ...(daysOfMonth === undefined ? {} : { daysOfMonth }),
    ...(months === undefined ? {} : { months }),
    ...(years === undefined ? {} : { years }),
    ...(zone === undefined ? {} : { location: zone }),
  }));

/** One entry of `time_intervals`, and of the older `mute_time_intervals`. */
export interface RawTimeIntervals {
  readonly name: string;
  readonly time_intervals: readonly TimeInterval[];
}

export const timeIntervals: z.ZodType<RawTimeIntervals> = z.strictObject({
  name,
  time_intervals: z.array(interval),
});

/** One value, or two with a colon between them; `check` says what is wrong with the two. */
function range(
  expected: string,
  read: (text: string) => number | undefined,
  check = ({ first, last }: InclusiveRange): string | undefined =>
    first > last ? 'the end is before the start' : undefined,
): z.ZodType<InclusiveRange> {
  return z.string().transform((text, context) => {
    const parts = text.split(':');
    const [first, last] = [read(parts[0] ?? ''), read(parts.at(-1) ?? '')];
    if (parts.length > 2 || first === undefined || last === undefined)
      return refuse(context, `expected ${expected}, got ${JSON.stringify(text)}`);
    const problem = check({ first, last });
    return problem === undefined ? { first, last } : refuse(context, `${JSON.stringify(text)}: ${problem}`);
  });
}

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
