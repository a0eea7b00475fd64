import type { Locale } from '@tidewatch/core';
import { catalogue } from './catalogue.ts';

/** A length of time in its two largest units: `12 分钟 5 秒`, `1 h 30 min`. Less than a second is 0 seconds. */
export function formatDuration(durationMs: number, locale: Locale): string {
  const { day, hour, minute, second, separator } = catalogue[locale].duration;
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), day],
    [Math.floor(seconds / 3600) % 24, hour],
    [Math.floor(seconds / 60) % 60, minute],
    [seconds % 60, second],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `0 ${second}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(separator);
}
