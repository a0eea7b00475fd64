import type { ConfigErrorCode } from '@tidewatch/core';
import type { MetricRule, Thresholds, TimeWindow, Weekday } from './autoscaler-config.ts';
import type { TimeWindowEntry } from './config-document.ts';

/** Sunday first, as the numbers of `Date`. */
export const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** A fault of a window, at a key of it. */
export interface WindowFault {
  readonly code: ConfigErrorCode;
  readonly key: readonly string[];
  readonly problem: string;
  readonly remedy?: string;
}

/** Turns one entry of `time_windows:` into a window; reports what cannot be understood. */
export function readTimeWindow(
  entry: TimeWindowEntry,
  metrics: readonly MetricRule[],
  report: (fault: WindowFault) => void,
): TimeWindow {
  const timezone = entry.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isTimezone(timezone)) {
    const problem = `unknown time zone "${timezone}"`;
    report({
      code: 'out-of-range',
      key: ['timezone'],
      problem,
      remedy: 'use an IANA name: Asia/Shanghai, UTC',
    });
  }
  const startMinute = minuteOfDay(entry.start) % 1440;
  const endMinute = minuteOfDay(entry.end);
  return {
    name: entry.name ?? `${entry.start}-${entry.end}`,
    days: readDays(entry.days, report),
    startMinute,
    endMinute: endMinute === 0 ? 1440 : endMinute,
    timezone,
    thresholds: readThresholds(entry, metrics, report),
    ...(entry.min_replicas === undefined ? {} : { minReplicas: entry.min_replicas }),
    ...(entry.max_replicas === undefined ? {} : { maxReplicas: entry.max_replicas }),
  };
}

function minuteOfDay(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** `mon-fri`, `[sat, sun]`, `Monday`; `fri-mon` goes over the week's end. Absent: every day. */
function readDays(
  written: string | readonly string[] | undefined,
  report: (fault: WindowFault) => void,
): readonly Weekday[] {
  if (written === undefined) return weekdays;
  const parts = typeof written === 'string' ? written.split(',') : written;
  const found = new Set<Weekday>();
  for (const part of parts) {
    const [first, last, ...rest] = part.split('-').map((day) => weekdays.indexOf(shortDay(day)));
    const to = last ?? first;
    if (first === undefined || to === undefined || first < 0 || to < 0 || rest.length > 0) {
      const problem = `unknown day "${part.trim()}"`;
      report({ code: 'out-of-range', key: ['days'], problem, remedy: 'write mon-fri, or [sat, sun]' });
      continue;
    }
    for (let day = first; ; day = (day + 1) % 7) {
      const name = weekdays[day];
      if (name !== undefined) found.add(name);
      if (day === to) break;
    }
  }
  return weekdays.filter((day) => found.has(day));
}

function shortDay(text: string): Weekday {
  return text.trim().toLowerCase().slice(0, 3) as Weekday;
}

function readThresholds(
  entry: TimeWindowEntry,
  metrics: readonly MetricRule[],
  report: (fault: WindowFault) => void,
): Readonly<Record<string, Thresholds>> {
  const thresholds = new Map(Object.entries(entry.thresholds ?? {}));
  const known = metrics.map(({ name }) => name);
  for (const name of thresholds.keys()) {
    if (known.includes(name)) continue;
    const problem = `no metric is called "${name}"`;
    report({
      code: 'unknown-key',
      key: ['thresholds', name],
      problem,
      remedy: `metrics here: ${known.join(', ')}`,
    });
  }
  // The short form has no metric name: it means the first one.
  const [first] = metrics;
  const { scale_up_threshold: up, scale_down_threshold: down } = entry;
  if (first !== undefined && (up !== undefined || down !== undefined)) {
    thresholds.set(first.name, { up: up ?? first.up, down: down ?? first.down });
  }
  for (const [name, { up, down }] of thresholds) {
    if (down < up) continue;
    const key = entry.thresholds?.[name] === undefined ? ['scale_down_threshold'] : ['thresholds', name];
    const problem = `for ${name} the down threshold ${down} is not below the up threshold ${up}`;
    report({ code: 'contradiction', key, problem, remedy: 'lower down, or raise up' });
  }
  return Object.fromEntries(thresholds);
}
