import { formatFloat } from './format-float.ts';
import { formatTimestamp } from './timestamp.ts';

const LARGE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];

/** A number with a metric prefix and four significant digits: `123.5M`, `850m`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return four(value);
  let scaled = value;
  let prefix = '';
  const steps = Math.abs(value) >= 1 ? LARGE : SMALL;
  for (const next of steps) {
    const isInRange = Math.abs(value) >= 1 ? Math.abs(scaled) < 1000 : Math.abs(scaled) >= 1;
    if (isInRange) break;
    prefix = next;
    scaled = Math.abs(value) >= 1 ? scaled / 1000 : scaled * 1000;
  }
  return four(scaled) + prefix;
}

/** A number with a binary prefix and four significant digits: `117.7Mi`. Below 1 it has none. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return four(value);
  let scaled = value;
  let prefix = '';
  for (const next of BINARY) {
    if (Math.abs(scaled) < 1024) break;
    prefix = next;
    scaled /= 1024;
  }
  return four(scaled) + prefix;
}

/** A ratio as a percentage with four significant digits: 0.85 is `85%`. */
export function humanizePercentage(ratio: number): string {
  return `${four(ratio * 100)}%`;
}

/** Seconds as days, hours, minutes and seconds (`1h 0m 0s`); below a minute with a metric prefix (`850ms`). */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return four(seconds);
  if (seconds === 0) return '0s';
  if (Math.abs(seconds) < 1) return `${humanize(seconds)}s`;
  const sign = seconds < 0 ? '-' : '';
  const magnitude = Math.abs(seconds);
  if (magnitude < 60) return `${sign}${four(magnitude)}s`;
  const total = toInt64(magnitude);
  const parts = [
    [total / 86_400n, 'd'],
    [(total / 3600n) % 24n, 'h'],
    [(total / 60n) % 60n, 'm'],
    [total % 60n, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count !== 0n);
  return (
    sign +
    parts
      .slice(first)
      .map(([count, unit]) => `${count}${unit}`)
      .join(' ')
  );
}

/**
 * Unix seconds as a UTC time, truncated to milliseconds.
 *
 * @throws RangeError when the nanoseconds do not fit into an int64, with Prometheus's words.
 */
export function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return four(seconds);
  const nanoseconds = seconds * 1e9;
  if (Math.abs(nanoseconds) >= 2 ** 63) {
    const printed = formatFloat(seconds, 'g', -1);
    throw new RangeError(
      `${printed} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  }
  return formatTimestamp(Number(BigInt(Math.trunc(nanoseconds)) / 1_000_000n));
}

function four(value: number): string {
  return formatFloat(value, 'g', 4);
}

/** What a conversion to int64 gives on amd64: everything that does not fit is the smallest int64. */
function toInt64(value: number): bigint {
  return value >= 2 ** 63 ? -(2n ** 63n) : BigInt(Math.trunc(value));
}
