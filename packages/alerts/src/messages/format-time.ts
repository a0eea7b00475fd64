const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * A time with its zone offset, so that nobody adds eight hours twice: `2026-11-23 20:25:51 +08:00`.
 *
 * @param timeZone - IANA name, such as `Asia/Shanghai`.
 * @throws RangeError for an unknown zone.
 */
export function formatTime(timeMs: number, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    formatters.set(timeZone, formatter);
  }
  const parts = Object.fromEntries(formatter.formatToParts(timeMs).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName = '' } = parts as Record<string, string>;
  const offset = timeZoneName.replace('GMT', '') || '+00:00';
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${offset}`;
}
