const UNIT_SECONDS: readonly (readonly [unit: string, seconds: number])[] = [
  ['y', 365 * 86_400],
  ['w', 7 * 86_400],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
  ['ms', 0.001],
];

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Seconds of a Prometheus duration such as `1h30m`; `undefined` when a unit repeats or is out of order. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === '') return undefined;
  const milliseconds = UNIT_SECONDS.map(([, seconds], unit) => Number(match[unit + 1] ?? 0) * seconds * 1000);
  return milliseconds.reduce((total, part) => total + part, 0) / 1000;
}
