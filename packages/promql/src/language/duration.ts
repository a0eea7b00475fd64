/** From the longest, in which order they must stand. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);

/** What Go's nanoseconds can hold: 292 years. */
const MAX_MS = 2 ** 63 / 1e6;

/** Seconds of a Prometheus duration such as `1h30m`; `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  const read = readDuration(text);
  return typeof read === 'number' ? read : undefined;
}

/** Seconds of a duration, or what is wrong with it in the words of Prometheus. */
export function readDuration(text: string): number | string {
  const invalid = `not a valid duration string: "${text}"`;
  if (!/^(?:\d+[^\d]+)+$/.test(text)) return invalid;
  let left = [...UNITS.keys()];
  let totalMs = 0;
  for (const [, digits = '', unit = ''] of text.matchAll(/(\d+)([^\d]+)/g)) {
    if (Number(digits) >= 2 ** 64) return invalid;
    const unitMs = UNITS.get(unit);
    if (unitMs === undefined) return `unknown unit "${unit}" in duration "${text}"`;
    if (!left.includes(unit)) return invalid;
    left = left.slice(left.indexOf(unit) + 1);
    totalMs += Number(digits) * unitMs;
    if (totalMs >= MAX_MS) return 'duration out of range';
  }
  return totalMs / 1000;
}
